package dev.banyan.routing.match;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.banyan.routing.RequestView.FormMethod;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.StringLength;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FormMethodReaderTest {
    private static final String URLENCODED = "application/x-www-form-urlencoded";
    private static final String MULTIPART = "multipart/form-data; boundary=XyZ";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "_method=delete|delete",
                "a=1&_method=PUT&b=2|PUT",
                "a=1& _method=PUT|PUT",
                "&  _method=PUT|PUT",
                "a[b]=1&a[c]=2&a[d][]=3&a[d][]=4&_method=PUT|PUT",
                "a[][b]=1&a[][c]=2&a[][b]=3&[]=x&_method=PUT|PUT",
                "a&a[b]=1&_method=PUT|PUT",
                "%5Fmethod=%50UT|PUT",
                "_method=PUT&_method=PATCH|PATCH",
                "_method=a+b|a b",
                "_method=|''",
                "[_method]=PUT|PUT",
                "_method]=PUT|PUT",
                "_method[]=PUT|[]",
                "_method[x]=PUT|[]",
                "_method[]=PUT&_method=PATCH|PATCH",
                "x=_method&_method=PUT|PUT",
                "_method=P%C3%9CT|P\u00dcT",
                "_method=%FF|\ufffd"
            })
    void the_last_field_of_the_name_counts(String body, String method) {
        assertThat(read(body, URLENCODED)).isEqualTo(new FormMethod.Of(method));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a=1",
                "_method",
                "_method=PUT&_method",
                "x_method=PUT",
                "_methods=PUT",
                "a[_method]=PUT",
                "_Method=PUT",
                "_method=PUT&_method[]=x",
                "_method=PUT&a=%zz",
                "_method=PUT&a%=1",
                "a;_method=PUT",
                "_method[=PUT",
                " _method=PUT",
                "_method=PUT&a=1&a[b]=2",
                "_method=PUT&a[]=1&a[b]=2",
                "_method=PUT&a[b]=1&a[]=2",
                "_method=PUT&a[b]=1&a[b][c]=2",
                "_method=PUT&%FF=1"
            })
    void a_form_without_the_field_or_that_rack_gives_up_on_has_none(String body) {
        assertThat(read(body, URLENCODED)).isEqualTo(new FormMethod.None());
    }

    @Test
    void the_nul_that_old_browsers_post_last_is_left_out() {
        assertThat(read("_method=PUT\0", URLENCODED)).isEqualTo(new FormMethod.Of("PUT"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                URLENCODED,
                "APPLICATION/X-WWW-FORM-URLENCODED ; charset=utf-8",
                "application/x-www-form-urlencoded, text/plain",
                "multipart/form-data",
                "multipart/mixed; x=y",
                ""
            })
    void rack_reads_these_as_urlencoded(String contentType) {
        assertThat(FormMethodReader.isForm(contentType)).isTrue();
        assertThat(read("_method=PUT", contentType)).isEqualTo(new FormMethod.Of("PUT"));
    }

    @Test
    void a_post_without_any_type_is_a_form_to_rack() {
        assertThat(FormMethodReader.isForm(null)).isTrue();
        assertThat(read("_method=PUT", null)).isEqualTo(new FormMethod.Of("PUT"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"application/json", "text/plain", "text/plain, application/x-www-form-urlencoded", ";x", "form"})
    void what_is_no_form_has_none(String contentType) {
        assertThat(FormMethodReader.isForm(contentType)).isFalse();
        assertThat(read("_method=PUT", contentType)).isEqualTo(new FormMethod.None());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Content-Disposition: form-data; name=\"_method\"|PUT",
                "content-disposition:form-data; NAME=_method|PUT",
                "Content-Disposition: form-data; name=\"a\"; name=\"_method\"|PUT",
                "Content-Type: text/plain; charset=latin1~Content-Disposition: form-data; name=\"_method\"|PUT",
                "Content-Disposition: form-data; name=\"_met\\hod\"|PUT",
                "X-Content-Disposition: form-data; name=\"_method\"|PUT",
                "Content-Disposition: form-data;~ name=\"_method\"|PUT",
                "Content-ID: _method|PUT",
                "Content-Type: text/html; charset=UTF-16~Content-Disposition: form-data; name=\"_method\"|PUT",
                "Content-Disposition: form-data; name=\"_method[]\"|[]",
                "Content-Disposition: form-data; filename=\"_method\"|[]",
                "Content-Type: _method|[]",
                "Content-Type: text/plain; charset=UTF-16~Content-Disposition: form-data; name=\"_method\"|[]",
                "Content-Disposition: form-data; name=\"_method\"; filename=\"x.txt\"|[]",
                "Content-Disposition: form-data; name=\"_method\"; filename*=utf-8''x|[]",
                "Content-Disposition: form-data; name=\"_method\"~Content-Type: text/plain; charset=UTF-16|[]"
            })
    void a_part_of_the_name_counts(String head, String method) {
        String body = "--XyZ\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n_method=GET\r\n--XyZ\r\n"
                + head.replace("~", "\r\n") + "\r\n\r\nPUT\r\n--XyZ--\r\n";

        assertThat(read(body, MULTIPART)).isEqualTo(new FormMethod.Of(method));
        assertThat(read(body, "Multipart/Form-Data; x=y; boundary=\"XyZ\"")).isEqualTo(new FormMethod.Of(method));
    }

    @Test
    void the_last_part_of_the_name_wins() {
        String part = "--XyZ\r\nContent-Disposition: form-data; name=\"_method\"\r\n\r\n";

        assertThat(read(part + "PUT\r\n" + part + "PATCH\r\n--XyZ--", MULTIPART))
                .isEqualTo(new FormMethod.Of("PATCH"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "--XyZ--",
                "--XyZ\r\nContent-Disposition: form-data; name=\"_method\"\r\n\r\nPUT",
                "--XyZ\r\nContent-Disposition: form-data; name=\"_method\"\r\n\r\nPUT\r\n--XyZ\r\n",
                "--XyZ\r\nContent-Disposition: form-data; name=\"_method\"; filename=\"\"\r\n\r\nPUT\r\n--XyZ--",
                "--XyZ\r\n\r\n_method=PUT\r\n--XyZ--",
                "_method=PUT"
            })
    void an_unfinished_or_nameless_or_empty_file_part_is_none(String body) {
        assertThat(read(body, MULTIPART)).isEqualTo(new FormMethod.None());
    }

    @Test
    void rack_gives_up_on_more_than_4096_fields() {
        assertThat(read("_method=PUT" + "&".repeat(4095), URLENCODED)).isEqualTo(new FormMethod.Of("PUT"));
        assertThat(read("_method=PUT" + "&".repeat(4096), URLENCODED)).isEqualTo(new FormMethod.None());
    }

    @Test
    void rack_gives_up_on_names_nested_more_than_100_deep() {
        assertThat(read("_method=PUT&a" + "[a]".repeat(99) + "=1", URLENCODED)).isEqualTo(new FormMethod.Of("PUT"));
        assertThat(read("_method=PUT&a" + "[a]".repeat(100) + "=1", URLENCODED)).isEqualTo(new FormMethod.None());
    }

    /** Who takes it for one reads a method in what is a field's text to Rack, and sends a write past the route that owns it. */
    @ParameterizedTest
    @ValueSource(strings = {"--XyZjunk", "--XyZ ", "--xyz", "--Xy", "-- XyZ"})
    void a_line_that_only_begins_like_a_delimiter_is_text(String line) {
        String body = "--XyZ\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n" + line
                + "\r\nContent-Disposition: form-data; name=\"_method\"\r\n\r\nPUT\r\n--XyZ--\r\n";

        assertThat(read(body, MULTIPART)).isEqualTo(new FormMethod.None());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "preamble\r\n", "--XyZjunk\r\n\r\n", "\n\n", " "})
    void what_stands_before_the_first_delimiter_is_skipped(String preamble) {
        String body = preamble + "--XyZ\nContent-Disposition: form-data; name=\"_method\"\r\n\r\nPUT\r\n--XyZ--";

        assertThat(read(body, MULTIPART)).isEqualTo(new FormMethod.Of("PUT"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "multipart/form-data; boundary=XyZ; boundary=Other",
                "multipart/form-data; boundary=Other; boundary=XyZ",
                "multipart/form-data; boundary = XyZ",
                "multipart/form-data; boundary=XyZ ; a=b"
            })
    void rack_finds_nothing_with_a_doubtful_boundary(String contentType) {
        String body = "--XyZ\r\nContent-Disposition: form-data; name=\"_method\"\r\n\r\nPUT\r\n--XyZ--\r\n";

        assertThat(read(body, MULTIPART)).isEqualTo(new FormMethod.Of("PUT"));
        assertThat(read(body, contentType)).isEqualTo(new FormMethod.None());
    }

    @Test
    void a_part_whose_head_makes_looking_for_a_file_dear_counts_as_too_large() {
        String body = "--XyZ\r\nContent-Disposition: form-data; name=\"_method\"" + "; a=b".repeat(300)
                + "\r\n\r\nPUT\r\n--XyZ--\r\n";

        assertThat(read(body, MULTIPART)).isEqualTo(new FormMethod.TooLarge());
    }

    @Test
    void a_boundary_that_makes_searching_dear_counts_as_too_large() {
        assertThat(read("", "multipart/form-data; boundary=" + "-".repeat(300))).isEqualTo(new FormMethod.TooLarge());
    }

    @Property(tries = 500)
    void garbage_never_throws(
            @ForAll @CharRange(from = 0, to = 255) @StringLength(max = 200) String body,
            @ForAll @CharRange(from = 0, to = 255) @StringLength(max = 30) String type) {
        assertThatCode(() -> {
                    read(body, URLENCODED);
                    read("--XyZ\r\n" + body + "--XyZ--", MULTIPART);
                    read(body, "multipart/form-data; boundary=" + type);
                    read(body, type);
                })
                .doesNotThrowAnyException();
    }

    private static FormMethod read(String body, @Nullable String contentType) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        return FormMethodReader.read(bytes, contentType);
    }
}
