package dev.banyan.rails;

import java.util.List;
import java.util.Locale;
import java.util.Random;

/** Forms that say {@code _method} in ways that Rack may or may not understand. In the pieces, VERB stands for the method meant. */
final class Forms {
    private static final List<String> URLENCODED_TYPES = List.of(
            "application/x-www-form-urlencoded",
            "application/x-www-form-urlencoded",
            "Application/X-WWW-Form-Urlencoded; charset=UTF-8",
            "application/x-www-form-urlencoded ;x",
            "application/x-www-form-urlencoded, text/plain",
            "application/json",
            "text/plain",
            "multipart/form-data",
            "multipart/form-data; boundary=",
            "multipart/related; x=y",
            ";charset=utf-8",
            "");

    private static final List<String> FIELDS = List.of(
            "_method=VERB",
            "_method=VERB",
            "_method=VERB",
            "_method=verb",
            "%5Fmethod=VERB",
            "_m%65thod=VERB",
            "_method=%44ELETE",
            "_method=",
            "_method",
            " _method=VERB",
            "+_method=VERB",
            "_method =VERB",
            "_method=VERB ",
            "_method=VERB%20",
            "_METHOD=VERB",
            "_method[]=VERB",
            "_method[a]=VERB",
            "_method[a",
            "[_method]=VERB",
            "_method]=VERB",
            "_method[=VERB",
            "a[_method]=VERB",
            "_method=GET",
            "_method=FOO",
            "_method=%FF",
            "_method=%C5%BF",
            "a=1",
            "a=%zz",
            "a=1&a[b]=2",
            "a;_method=VERB",
            "",
            "=",
            "_method=VERB\0",
            "_method=VERB=x",
            "x=_method=VERB");

    private static final List<String> MULTIPART_TYPES = List.of(
            "multipart/form-data; boundary=XyZ",
            "multipart/form-data; boundary=XyZ",
            "multipart/form-data; boundary=\"XyZ\"",
            "Multipart/Form-Data; Boundary=XyZ",
            "multipart/form-data; boundary=XyZ; charset=utf-8",
            "multipart/form-data; charset=utf-8; boundary=XyZ",
            "multipart/form-data; boundary=Other; boundary=XyZ",
            "multipart/form-data; boundary=XyZ; boundary=Other",
            "multipart/form-data; boundary = XyZ",
            "multipart/form-data; boundary=XyZ ; x=y",
            "multipart/form-data; xboundary=XyZ",
            "multipart/form-data;boundary=XyZ",
            "multipart/form-data, boundary=XyZ",
            "multipart/related; boundary=XyZ",
            "multipart/mixed; boundary=XyZ",
            "multipart/alternative; boundary=XyZ",
            "application/x-www-form-urlencoded; boundary=XyZ");

    private static final List<String> HEADS = List.of(
            "Content-Disposition: form-data; name=\"_method\"",
            "Content-Disposition: form-data; name=\"_method\"",
            "content-disposition: form-data; NAME=_method",
            "Content-Disposition:form-data;name=_method",
            "Content-Disposition: form-data; name=_method ; x=y",
            "Content-Disposition: form-data; name='_method'",
            "Content-Disposition: form-data; name = \"_method\"",
            "Content-Disposition: form-data; name=\"a\"; name=\"_method\"",
            "Content-Disposition: form-data; name=\"_method\"; name=\"a\"",
            "Content-Disposition: form-data; name=\"_met\\hod\"",
            "Content-Disposition: form-data; name=\"a\\\"; name=\"_method\"",
            "Content-Disposition: form-data; x=\"; name=_method\"",
            "Content-Disposition: form-data; x=\"a:b\"; name=\"_method\"",
            "Content-Disposition: form-data; name=\"_method[]\"",
            "Content-Disposition: form-data; name=\"[_method]\"",
            "Content-Disposition: form-data; name=\"_METHOD\"",
            "Content-Disposition: form-data; name*=utf-8''_method",
            "Content-Disposition: form-data; name=\"_method\"; filename=\"x.txt\"",
            "Content-Disposition: form-data; name=\"_method\"; filename=\"\"",
            "Content-Disposition: form-data; name=\"_method\"; filename=x",
            "Content-Disposition: form-data; name=\"_method\"; FILENAME=x",
            "Content-Disposition: form-data; name=\"_method\"; filename*=utf-8''x",
            "Content-Disposition: form-data; filename=_method",
            "Content-Disposition: form-data; filename=\"_method\"; name=\"\"",
            "Content-Disposition: attachment; x; filename=\"x\"; name=\"_method\"",
            "Content-Disposition: form-data; name=\"_method\r\n x\"",
            "Content-Disposition: form-data;\r\n name=\"_method\"",
            "X-Content-Disposition: form-data; name=\"_method\"",
            "Content-Disposition: form-data\r\nX: y; name=\"_method\"",
            "Content-ID: _method",
            "Content-ID:_method",
            "Content-ID:\r\n _method",
            "Content-Type: _method",
            "Content-Type: text/plain; charset=latin1\r\nContent-Disposition: form-data; name=\"_method\"",
            "Content-Type: text/plain; charset=UTF-16LE\r\nContent-Disposition: form-data; name=\"_method\"",
            "Content-Type: text/html; charset=UTF-16LE\r\nContent-Disposition: form-data; name=\"_method\"",
            "Content-Type: text/plain; charset=nonsense\r\nContent-Disposition: form-data; name=\"_method\"",
            "Content-Disposition: form-data; name=\"a\"\r\nContent-Disposition: form-data; name=\"_method\"",
            "Content-Disposition: form-data; name=\"_method\"\r\nContent-Disposition: form-data; name=\"a\"",
            "Content-Disposition: form-data; name=\"a\"",
            "Content-Disposition: form-data; name=\"a\"",
            "");

    private static final List<String> DELIMITERS = List.of(
            "--XyZ\r\n",
            "--XyZ\r\n",
            "--XyZ\r\n",
            "--XyZ\r\n",
            "--XyZ\n",
            "--XyZ \r\n",
            "--XyZjunk\r\n",
            "--XyZ--\r\n",
            "--XyZ--x\r\n",
            "-- XyZ\r\n",
            "--xyz\r\n",
            " --XyZ\r\n",
            "--Other\r\n",
            "x--XyZ\r\n");

    private static final List<String> ENDS = List.of(
            "--XyZ--\r\n", "--XyZ--\r\n", "--XyZ--\r\n", "--XyZ--", "--XyZ", "--XyZ\r\n", "", "--XyZ--\r\nepilogue");

    private static final List<String> VALUES =
            List.of("VERB", "VERB", "VERB", "verb", "", "VERB\r\n", "x\r\n\r\nVERB", "--XyZ", "\u00ff", "GET");

    private static final List<String> BREAKS = List.of("\r\n", "\r\n", "\r\n", "\r\n", "\n", "");

    private final Random random;

    Forms(Random random) {
        this.random = random;
    }

    Asked urlencoded(Asked asked, String verb) {
        StringBuilder body = new StringBuilder(pick(FIELDS));
        for (int more = random.nextInt(3); more > 0; more--) {
            body.append(random.nextInt(6) == 0 ? "& " : "&").append(pick(FIELDS));
        }
        return typed(asked, pick(URLENCODED_TYPES)).withBody(spelt(body, verb));
    }

    Asked multipart(Asked asked, String verb) {
        StringBuilder body = new StringBuilder(random.nextInt(5) == 0 ? "preamble\r\n" : "");
        for (int parts = 1 + random.nextInt(3); parts > 0; parts--) {
            body.append(pick(DELIMITERS)).append(pick(HEADS)).append("\r\n\r\n").append(pick(VALUES));
            body.append(pick(BREAKS));
        }
        return typed(asked, pick(MULTIPART_TYPES)).withBody(spelt(body.append(pick(ENDS)), verb));
    }

    private static Asked typed(Asked asked, String type) {
        return type.isEmpty() ? asked : asked.withHeader("Content-Type", type);
    }

    private static String spelt(StringBuilder body, String verb) {
        return body.toString().replace("VERB", verb).replace("verb", verb.toLowerCase(Locale.ROOT));
    }

    private String pick(List<String> from) {
        return from.get(random.nextInt(from.size()));
    }
}
