package dev.banyan.services.kit;

/** Somebody else listens there. */
public final class PortTakenException extends RuntimeException {

    private static final long serialVersionUID = 1;

    PortTakenException(int port, Throwable cause) {
        super("port " + port + " is taken on 127.0.0.1; choose another with --port", cause);
    }
}
