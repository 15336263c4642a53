package dev.banyan.routing;

/** What a sticky key may be taken from. A route lists several; the first that the request has is used. */
public sealed interface StickBy {

    /** The user, as the session bridge knows it. */
    record User() implements StickBy {
        @Override
        public String toString() {
            return "user";
        }
    }

    /** Banyan's own cookie; makes one where there is none, so nothing after it is ever reached. */
    record Cookie() implements StickBy {
        @Override
        public String toString() {
            return "cookie";
        }
    }

    /** A request header, by the name as the file writes it. */
    record Header(String name) implements StickBy {
        @Override
        public String toString() {
            return "header:" + name;
        }
    }

    /** The client's address. */
    record Ip() implements StickBy {
        @Override
        public String toString() {
            return "ip";
        }
    }

    /** Every request for itself. */
    record Request() implements StickBy {
        @Override
        public String toString() {
            return "request";
        }
    }
}
