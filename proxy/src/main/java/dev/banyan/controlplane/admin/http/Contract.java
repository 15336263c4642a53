package dev.banyan.controlplane.admin.http;

import dev.banyan.controlplane.admin.tokens.Role;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.json.schema.JsonSchema;
import io.vertx.json.schema.Validator;
import io.vertx.openapi.contract.MediaType;
import io.vertx.openapi.contract.OpenAPIContract;
import io.vertx.openapi.contract.Operation;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** openapi.yaml: what the API takes, and who may ask for it. What it answers is described too; tests hold the answers against that. */
public final class Contract {
    private static final String ROLE = "x-banyan-role";
    private static final String MOST_BODY_KIB = "x-banyan-most-body-kib";
    private static final int MOST_BODY_KIB_ELSE = 64;

    private final Buffer text;
    private final OpenAPIContract openApi;

    // A validator copies the whole document's index: made when it is first used, and kept.
    private final IdentityHashMap<JsonSchema, Validator> validators = new IdentityHashMap<>();

    private Contract(Buffer text, OpenAPIContract openApi) {
        this.text = text;
        this.openApi = openApi;
    }

    /** Reads and checks it; half a second on a cold machine. */
    public static Future<Contract> load(Vertx vertx) {
        return vertx.executeBlocking(() -> Buffer.buffer(Pages.text(Contract.class, "openapi.yaml")), false)
                .compose(text ->
                        OpenAPIContract.from(vertx, requestsOf(text)).map(openApi -> new Contract(text, openApi)));
    }

    /** As it is served. */
    public Buffer text() {
        return text;
    }

    /** Whether a path takes no token. A parameter in one stands for small letters only: nothing that could lead to another path. */
    public Predicate<String> openPaths() {
        return Pattern.compile(operations().stream()
                        .filter(Described::isOpen)
                        .map(operation -> operation.path().replace(".", "\\.").replaceAll("\\{[^}]+}", "[a-z-]+"))
                        .collect(Collectors.joining("|")))
                .asMatchPredicate();
    }

    public OpenAPIContract openApi() {
        return openApi;
    }

    public List<Described> operations() {
        return openApi.operations().stream().map(Described::new).toList();
    }

    /** Fails if it is not described. */
    public Described operation(String id) {
        @Nullable Operation operation = openApi.operation(id);
        if (operation == null) {
            throw new IllegalStateException("openapi.yaml: has no operation " + id + "; fix: describe it there");
        }
        return new Described(operation);
    }

    Validator validator(JsonSchema schema) {
        synchronized (validators) {
            return validators.computeIfAbsent(
                    schema, once -> openApi.getSchemaRepository().validator(once));
        }
    }

    /** To look into. */
    static JsonObject json(JsonSchema schema) {
        return schema instanceof JsonObject object ? object : new JsonObject();
    }

    /** One operation as the contract has it. */
    public record Described(Operation operation) {

        public String id() {
            return operation.getOperationId();
        }

        /** {@code /v1/routes/{id}}. */
        public String path() {
            return operation.getOpenAPIPath();
        }

        /** Whether it takes no token. */
        boolean isOpen() {
            return operation.getSecurityRequirements().isEmpty();
        }

        /** The least that may do it. */
        public Role role() {
            return Optional.ofNullable(operation.getOpenAPIModel().getString(ROLE))
                    .flatMap(Role::ofWord)
                    .orElseThrow(() -> new IllegalStateException(
                            "openapi.yaml: " + id() + " has no " + ROLE + "; fix: add viewer, operator or admin"));
        }

        public int mostBodyBytes() {
            return 1024 * operation.getOpenAPIModel().getInteger(MOST_BODY_KIB, MOST_BODY_KIB_ELSE);
        }

        /** Empty if it takes no body. */
        Optional<JsonSchema> body() {
            return Optional.ofNullable(operation.getRequestBody())
                    .map(body -> body.getContent().get(MediaType.APPLICATION_JSON))
                    .map(MediaType::getSchema);
        }

        boolean bodyIsRequired() {
            return operation.getRequestBody() != null
                    && operation.getRequestBody().isRequired();
        }
    }

    /** Without what is answered: vertx-openapi 5.0.10 knows none of the media types problem+json, yaml and event-stream. */
    private static JsonObject requestsOf(Buffer text) {
        Object loaded = new Load(LoadSettings.builder().build()).loadFromString(text.toString());
        if (!(loaded instanceof Map<?, ?>)) {
            throw new IllegalStateException("openapi.yaml: not an object");
        }
        @SuppressWarnings("unchecked") // A document of JSON types: its keys are texts.
        JsonObject document = new JsonObject((Map<String, Object>) loaded);
        JsonObject any = new JsonObject().put("default", new JsonObject().put("description", "as described"));
        document.getJsonObject("paths")
                .forEach(path -> ((JsonObject) path.getValue())
                        .forEach(method -> ((JsonObject) method.getValue()).put("responses", any.copy())));
        document.getJsonObject("components").remove("responses");
        return document;
    }
}
