package dev.banyan.legacystub.rails;

import dev.banyan.legacystub.rails.RailsResponse.Framing;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Puts Rails' headers around an answer, in Rails' order. */
final class Rendering {

    private static final List<Header> THE_SIX = List.of(
            new Header("X-Frame-Options", "SAMEORIGIN"),
            new Header("X-XSS-Protection", "1; mode=block"),
            new Header("X-Content-Type-Options", "nosniff"),
            new Header("X-Download-Options", "noopen"),
            new Header("X-Permitted-Cross-Domain-Policies", "none"),
            new Header("Referrer-Policy", "strict-origin-when-cross-origin"));

    private final RailsRequest request;
    private final RailsPath path;
    private final String requestId;
    private final long startedNanos;

    Rendering(RailsRequest request, RailsPath path, String requestId, long startedNanos) {
        this.request = request;
        this.path = path;
        this.requestId = requestId;
        this.startedNanos = startedNanos;
    }

    RailsResponse render(Answer answer, @Nullable String setCookie) {
        if (answer instanceof Answer.Rendered rendered) {
            return rendered(rendered, setCookie);
        }
        if (answer instanceof Answer.NoContent) {
            return noContent(setCookie);
        }
        if (answer instanceof Answer.Failed failed) {
            return errorPage(ErrorPages.page(failed.status(), Formats.wantsJson(request, path)), failed.status());
        }
        return refused(((Answer.Refused) answer).status());
    }

    private RailsResponse rendered(Answer.Rendered answer, @Nullable String setCookie) {
        // Rack::ETag digests what was rendered well, and forbids caches to keep the rest.
        boolean digested = answer.status() == 200 || answer.status() == 201;
        String etag = digested ? WeakETag.of(answer.body().bytes()) : null;
        boolean unchanged = answer.status() == 200 && isSafe() && isWhatTheClientHas(etag);

        List<Header> headers = new ArrayList<>(THE_SIX);
        if (answer.location() != null) {
            headers.add(new Header("Location", answer.location()));
        }
        if (!unchanged) {
            headers.add(new Header("Content-Type", answer.contentType()));
        }
        if (answer.status() != 302 && Formats.variesByAccept(request, path)) {
            headers.add(new Header("Vary", "Accept"));
        }
        if (etag != null) {
            headers.add(new Header("ETag", etag));
        }
        headers.add(new Header("Cache-Control", digested ? "max-age=0, private, must-revalidate" : "no-cache"));
        addTail(headers, setCookie);

        if (unchanged) {
            return new RailsResponse(304, headers, Body.EMPTY, Framing.NONE);
        }
        return isHead()
                ? new RailsResponse(answer.status(), headers, Body.EMPTY, Framing.NONE)
                : new RailsResponse(answer.status(), headers, answer.body(), Framing.CHUNKED);
    }

    private RailsResponse noContent(@Nullable String setCookie) {
        List<Header> headers = new ArrayList<>(THE_SIX);
        headers.add(new Header("Cache-Control", "no-cache"));
        addTail(headers, setCookie);
        return new RailsResponse(204, headers, Body.EMPTY, Framing.NONE);
    }

    private RailsResponse errorPage(ErrorPages.Page page, int status) {
        List<Header> headers = new ArrayList<>();
        headers.add(new Header("Content-Type", page.contentType()));
        addTail(headers, null);
        headers.add(new Header("Content-Length", String.valueOf(page.body().length())));
        return new RailsResponse(status, headers, isHead() ? Body.EMPTY : page.body(), Framing.LENGTH);
    }

    private RailsResponse refused(int status) {
        List<Header> headers = new ArrayList<>();
        addTail(headers, null);
        headers.add(new Header("Content-Length", "0"));
        return new RailsResponse(status, headers, Body.EMPTY, Framing.LENGTH);
    }

    private void addTail(List<Header> headers, @Nullable String setCookie) {
        if (setCookie != null) {
            headers.add(new Header("Set-Cookie", setCookie));
        }
        headers.add(new Header("X-Request-Id", requestId));
        double seconds = (System.nanoTime() - startedNanos) / 1e9;
        headers.add(new Header("X-Runtime", String.format(Locale.ROOT, "%.6f", seconds)));
    }

    /** Rack::ConditionalGet of rack 2.2 compares the whole header; it knows no lists. */
    private boolean isWhatTheClientHas(@Nullable String etag) {
        return etag != null && etag.equals(request.header("If-None-Match"));
    }

    private boolean isSafe() {
        return isHead() || request.method().equals("GET");
    }

    private boolean isHead() {
        return request.method().equals("HEAD");
    }
}
