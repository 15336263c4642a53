package dev.banyan.controlplane.revisions;

/**
 * Why the data directory keeps nothing at present.
 *
 * @param fix what to do; some of it is tried again by itself then
 */
public record NotKept(String why, String fix) {

    @Override
    public String toString() {
        return why + "; fix: " + fix;
    }
}
