package dev.banyan.net;

import java.io.IOException;
import java.nio.channels.UnresolvedAddressException;
import java.util.Locale;

/** Says why an address cannot be listened on, and what to do, whichever library found out. */
public final class ListenFailure {
    private ListenFailure() {}

    /**
     * The operating system's reason in our words.
     *
     * @param address as it was asked for, {@code 0.0.0.0:8080}
     */
    public static IOException of(String address, Throwable cause) {
        String reason = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
        return new IOException("cannot listen on " + address + ": " + words(reason, cause), cause);
    }

    private static String words(String reason, Throwable cause) {
        if (reason.contains("address already in use")) {
            return "something listens there already; fix: stop it, or choose another address";
        }
        if (reason.contains("permission denied")) {
            return "this process may not have that port; fix: choose one from 1024 on, or give it CAP_NET_BIND_SERVICE";
        }
        if (reason.contains("cannot assign requested address")) {
            return "no address of this machine; fix: choose one that it has, or 0.0.0.0 for all";
        }
        if (cause instanceof UnresolvedAddressException || reason.contains("resolve")) {
            return "the name has no address; fix: write an address, or a name that this machine knows";
        }
        return reason + "; fix: choose another address";
    }
}
