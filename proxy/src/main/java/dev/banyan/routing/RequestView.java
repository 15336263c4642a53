package dev.banyan.routing;

import org.jspecify.annotations.Nullable;

/**
 * What a route may look at of a request: its head, and what was held of a form. Implemented over the wire's bytes by the data plane
 * and over a line of text by {@code banyan explain}.
 */
public interface RequestView {

    /** The wire method, as sent. */
    String method();

    /**
     * The path of the target as it came, but that bytes over 0x7F are percent-encoded, without query; starts with {@code /}, or is
     * {@code *}.
     */
    String rawPath();

    /** The query as it came, but for bytes over 0x7F, without the question mark; null if there is none. */
    @Nullable
    String rawQuery();

    /** The host the client asked for: lower case, without port. */
    String host();

    /**
     * The field of that name (given in lower case), trimmed; null if there is none. Several fields of one name are joined by
     * {@code ", "}, as RFC 9110, 5.3 and puma do: Rails reads a doubled {@code X-HTTP-Method-Override} as one unknown verb and stays
     * with POST, so whoever took only the first would decide about another action than Rails runs.
     */
    @Nullable
    String header(String lowerCaseName);

    /** All cookies' text, several fields joined by {@code "; "}; null if there is none. */
    @Nullable
    String cookies();

    /** The client's IP address, as text. */
    String clientAddress();

    /** The user that the session bridge found; null while it knows none. */
    @Nullable
    String user();

    /** Whether the client came by TLS, so that cookies can be marked {@code Secure}. */
    boolean tls();

    /** What is known of a form's {@code _method}. Asked only of POST requests that {@code match.FormMethodReader.isForm} is true of. */
    FormMethod formMethod();

    /** The outcome of looking for {@code _method} in a held form body. */
    sealed interface FormMethod {

        /** There is no form, or the form has no such field. */
        record None() implements FormMethod {}

        /** The field's value as sent. */
        record Of(String method) implements FormMethod {}

        /** The form was too large to look into. */
        record TooLarge() implements FormMethod {}

        /** Nobody has looked yet: the body is still to be held. */
        record NotHeld() implements FormMethod {}
    }
}
