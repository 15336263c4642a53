package dev.banyan.dataplane.exchange;

import dev.banyan.dataplane.message.Ascii;
import dev.banyan.dataplane.message.Field;
import dev.banyan.dataplane.message.Head;
import dev.banyan.routing.HostName;
import dev.banyan.routing.RequestView;
import org.jspecify.annotations.Nullable;

/** A request's head as routing sees it. */
public final class HeadView implements RequestView {
    private static final byte[] COOKIE = Ascii.bytes("cookie");

    private final Head head;
    private final Origin origin;
    private FormMethod formMethod = new FormMethod.NotHeld();

    public HeadView(Head head, Origin origin) {
        this.head = head;
        this.origin = origin;
    }

    void formMethod(FormMethod found) {
        formMethod = found;
    }

    @Override
    public String method() {
        return head.method();
    }

    @Override
    public String rawPath() {
        return head.path();
    }

    @Override
    public @Nullable String rawQuery() {
        return head.query();
    }

    @Override
    public String host() {
        String authority = authority();
        return authority == null ? "" : HostName.of(authority);
    }

    private @Nullable String authority() {
        if (origin.host() != null) {
            return origin.host();
        }
        // A request of HTTP/1.0 may name its host in the target alone.
        String inTarget = head.authority();
        return inTarget == null ? head.first(Field.HOST) : inTarget;
    }

    @Override
    public @Nullable String header(String lowerCaseName) {
        return head.joined(Ascii.bytes(lowerCaseName), ", ");
    }

    @Override
    public @Nullable String cookies() {
        return head.indexOf(Field.COOKIE, 0) < 0 ? null : head.joined(COOKIE, "; ");
    }

    @Override
    public String clientAddress() {
        return origin.client();
    }

    @Override
    public @Nullable String user() {
        return null;
    }

    @Override
    public boolean tls() {
        return origin.https();
    }

    @Override
    public FormMethod formMethod() {
        return formMethod;
    }
}
