package dev.banyan.dataplane.exchange;

/** A client's connection, whatever its protocol, as who stops the listener sees it. May be called on any thread. */
public interface ClientConnection {

    /** Takes no new request from here on, and closes once nothing is under way. */
    void drain();

    /** Cuts what is under way. */
    void close();
}
