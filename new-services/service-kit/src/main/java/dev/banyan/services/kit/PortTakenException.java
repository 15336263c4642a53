package dev.banyan.services.kit;

/** Somebody else listens there. */
public final class PortTakenException extends RuntimeException {

    private static final long serialVersionUID = 1;

    PortTakenException(String host, int port, Throwable cause) {
        super("port " + port + " is taken on " + host + "; choose another with --port", cause);
    }
}
