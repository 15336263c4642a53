package dev.banyan.legacystub.rails;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The fields of a form, urlencoded or multipart; of a name that comes twice the last counts, as in Rack. */
final class FormBody {

    private static final Set<String> MULTIPART = Set.of("multipart/form-data", "multipart/related", "multipart/mixed");
    private static final Pattern BOUNDARY = Pattern.compile("boundary=(?:\"([^\"]+)\"|([^;,\\s]+))");
    private static final Pattern NAME = Pattern.compile("(?i)content-disposition:[^\r\n]*?\\bname=\"?([^\";\r\n]+)\"?");

    private FormBody() {}

    /** Whether Rack looks for fields in it: forms, and a POST that names no type at all. */
    static boolean isForm(RailsRequest request) {
        String type = request.mediaType();
        return type.equals("application/x-www-form-urlencoded")
                || MULTIPART.contains(type)
                || (type.isEmpty() && request.method().equals("POST"));
    }

    static Map<String, String> fields(RailsRequest request) {
        if (!isForm(request)) {
            return Map.of();
        }
        // Latin 1 keeps every byte of a file part as it is; text is decoded field by field.
        String body = new String(request.body().bytes(), StandardCharsets.ISO_8859_1);
        return MULTIPART.contains(request.mediaType()) ? multipart(request, body) : UrlEncoded.fields(body);
    }

    private static Map<String, String> multipart(RailsRequest request, String body) {
        Map<String, String> fields = new LinkedHashMap<>();
        String type = request.header("Content-Type");
        Matcher boundary = BOUNDARY.matcher(type == null ? "" : type);
        if (!boundary.find()) {
            return fields;
        }
        String delimiter = "--" + (boundary.group(1) != null ? boundary.group(1) : boundary.group(2));
        for (String part : body.split(Pattern.quote(delimiter), -1)) {
            int headEnd = part.indexOf("\r\n\r\n");
            if (headEnd < 0) {
                continue;
            }
            Matcher name = NAME.matcher(part.substring(0, headEnd));
            if (name.find()) {
                String value = part.substring(headEnd + 4).replaceFirst("\r\n$", "");
                fields.put(name.group(1), UrlEncoded.utf8(value));
            }
        }
        return fields;
    }
}
