package dev.banyan.controlplane.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.controlplane.admin.http.Pages;
import dev.banyan.controlplane.revisions.Outcome;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every problem's type leads to a part of docs/problems.md, and every part is of a type that the code has. */
class ProblemTypesTest {
    private static final Path CODE = Path.of("src/main/java/dev/banyan/controlplane/admin");
    private static final Path DOCS = Path.of("../docs/problems.md");
    private static final Pattern TYPE = Pattern.compile("ProblemDetails\\s*\\.of\\(\\s*\\d{3},\\s*\"([a-z-]+)\"");

    @TempDir
    Path data;

    @Test
    void the_page_has_exactly_the_types_that_the_code_has() throws Exception {
        Set<String> types = new TreeSet<>();
        try (Stream<Path> files = Files.walk(CODE)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Matcher type = TYPE.matcher(Files.readString(file));
                while (type.find()) {
                    types.add(type.group(1));
                }
            }
        }
        for (Outcome.Why why : Outcome.Why.values()) {
            types.add(why.name().toLowerCase(Locale.ROOT).replace('_', '-'));
        }
        // What is stale is told as stale-route or stale-table, with what changed since.
        types.remove("stale");

        assertThat(Pages.sections(page()).keySet()).containsExactlyElementsOf(types);
    }

    @Test
    void docs_has_the_page_that_is_served() throws Exception {
        if ("write".equals(System.getProperty("banyan.docs"))) {
            Files.writeString(DOCS, page());
        }

        assertThat(Files.readString(DOCS))
                .as("write it anew: -Dbanyan.docs=write")
                .isEqualTo(page());
    }

    @Test
    void a_type_is_an_address_that_is_served_without_a_token() throws Exception {
        try (TestAdmin admin = TestAdmin.in(data)) {
            String type =
                    TestAdmin.json(admin.get("/v1/routes/none")).path("type").asText();

            HttpResponse<String> page = admin.sendWithoutToken(admin.port(), "GET", type);

            assertThat(page.statusCode()).isEqualTo(200);
            assertThat(page.body()).startsWith("## no-such-route\n404. ");
            assertThat(admin.sendWithoutToken(admin.port(), "GET", "/problems/nothing")
                            .statusCode())
                    .isEqualTo(404);
        }
    }

    @Test
    void nothing_else_is_open_by_way_of_the_problems() throws Exception {
        try (TestAdmin admin = TestAdmin.in(data)) {
            for (String path : List.of(
                    "/problems/../v1/table",
                    "/problems/%2e%2e/v1/table",
                    "/problems/..%2fv1%2ftable",
                    "/problems//v1/table",
                    "/problems/;/v1/table",
                    "/problems/")) {
                assertThat(admin.raw("GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1:" + admin.port()
                                + "\r\nConnection: close\r\n\r\n"))
                        .as(path)
                        .startsWith("HTTP/1.1 401 ");
            }
        }
    }

    private static String page() throws IOException {
        return Pages.text(Pages.class, "problems.md");
    }
}
