package dev.banyan.controlplane.admin.http;

import dev.banyan.routing.file.RoutesFiles;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is served as it stands: the problems' pages, open to everybody as any documentation, and the schema of the routing files. */
public final class Pages {
    private static final String TEXT = "text/plain; charset=utf-8";
    private static final String NEXT = "\n## ";

    private final Map<String, String> problems;
    private final Answers answers;

    public Pages(Answers answers) {
        this.problems = sections(text(Pages.class, "problems.md"));
        this.answers = answers;
    }

    /** By operation id. */
    public Map<String, Handler<RoutingContext>> operations() {
        return Map.of("getProblem", this::problem);
    }

    private void problem(RoutingContext exchange) {
        @Nullable String page = problems.get(exchange.pathParam("name"));
        answers.write(
                exchange, page == null ? Reply.of(Paths.NO_SUCH_PATH) : new Reply(200, TEXT, Buffer.buffer(page)));
    }

    /** Of the YAML that squads write, for their editors. */
    public static Reply routesSchema(Call call) {
        return new Reply(200, "application/schema+json", Buffer.buffer(text(RoutesFiles.class, "routes.schema.json")));
    }

    /** The parts of a page by their headings. */
    public static Map<String, String> sections(String page) {
        Map<String, String> sections = new LinkedHashMap<>();
        int start = page.indexOf(NEXT);
        while (start >= 0) {
            int end = page.indexOf(NEXT, start + 1);
            String section = page.substring(start + 1, end < 0 ? page.length() : end);
            sections.put(section.substring(3, section.indexOf('\n')), section);
            start = end;
        }
        return sections;
    }

    public static String text(Class<?> beside, String name) {
        try (InputStream file = beside.getResourceAsStream(name)) {
            if (file == null) {
                throw new IllegalStateException(name + " is not on the class path");
            }
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
