package dev.banyan.controlplane.admin.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.banyan.json.Json;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.HttpException;
import io.vertx.json.schema.JsonSchema;
import io.vertx.json.schema.common.dsl.SchemaType;
import io.vertx.openapi.contract.Location;
import io.vertx.openapi.contract.Parameter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Holds a request against the contract, and refuses it with everything that is wrong. Not vertx-openapi's own RequestValidator, which
 * stops at the first parameter, does not say which one, and reads a text that looks like JSON as JSON: a header {@code If-Match: "1", "2"}
 * would be refused.
 */
public final class RequestReader {
    private final Contract contract;

    public RequestReader(Contract contract) {
        this.contract = contract;
    }

    /** What it asks; throws a {@link ProblemException}. On a worker thread. */
    public Call read(
            Contract.Described operation, RoutingContext exchange, Buffer body, Caller caller, AuditLine audit) {
        List<String> problems = new ArrayList<>();
        MultiMap query = query(exchange);
        refuseUnknown(operation, query, problems);
        Map<String, Object> values = new LinkedHashMap<>();
        for (Parameter parameter : operation.operation().getParameters()) {
            Optional<String> text = text(parameter, exchange, query);
            check(parameter, text, problems)
                    .filter(value -> parameter.getIn() == Location.QUERY)
                    .ifPresent(value -> values.put(parameter.getName(), value));
        }
        ObjectNode object = object(operation, body, exchange, problems);
        if (!problems.isEmpty()) {
            throw CommonProblems.badRequest(problems);
        }
        return new Call(
                caller,
                exchange.pathParams(),
                new Query(values),
                exchange.request().headers(),
                object,
                audit);
    }

    private static MultiMap query(RoutingContext exchange) {
        try {
            return exchange.queryParams();
        } catch (HttpException e) {
            throw CommonProblems.badRequest("The query is not well formed.", "percent-encode it");
        }
    }

    private static void refuseUnknown(Contract.Described operation, MultiMap query, List<String> problems) {
        TreeSet<String> known = operation.operation().getParameters().stream()
                .filter(parameter -> parameter.getIn() == Location.QUERY)
                .map(Parameter::getName)
                .collect(Collectors.toCollection(TreeSet::new));
        for (String name : query.names()) {
            if (!known.contains(name)) {
                problems.add("?" + SchemaWords.unknown(name, known));
            } else if (query.getAll(name).size() > 1) {
                problems.add("?" + name + ": there twice; fix: write it once");
            }
        }
    }

    private static Optional<String> text(Parameter parameter, RoutingContext exchange, MultiMap query) {
        return Optional.ofNullable(
                switch (parameter.getIn()) {
                    case PATH -> exchange.pathParam(parameter.getName());
                    case QUERY -> query.get(parameter.getName());
                    case HEADER -> exchange.request().getHeader(parameter.getName());
                    case COOKIE -> throw new IllegalStateException("openapi.yaml: a cookie means nothing here");
                });
    }

    /** Its value, or its default. */
    private Optional<Object> check(Parameter parameter, Optional<String> text, List<String> problems) {
        JsonSchema schema = parameter.getSchema();
        String place = (parameter.getIn() == Location.QUERY ? "?" : "") + parameter.getName();
        if (text.isEmpty()) {
            if (parameter.isRequired()) {
                problems.add(place + ": missing; fix: add " + SchemaWords.of(Contract.json(schema)));
            }
            return Optional.ofNullable(schema.get("default")).map(RequestReader::asLong);
        }
        Object value = typed(parameter, text.get());
        problems.addAll(new Violations(Contract.json(schema), place, value)
                .of(contract.validator(schema).validate(value)));
        return Optional.of(value);
    }

    private static Object asLong(Object value) {
        return value instanceof Integer number ? (Object) number.longValue() : value;
    }

    /** The text itself where it is none of its type, for the schema to refuse. */
    private static Object typed(Parameter parameter, String text) {
        if (parameter.getSchemaType() == SchemaType.INTEGER && text.matches("-?[0-9]{1,18}")) {
            return Long.parseLong(text);
        }
        if (parameter.getSchemaType() == SchemaType.BOOLEAN && text.matches("true|false")) {
            return Boolean.parseBoolean(text);
        }
        return text;
    }

    private ObjectNode object(
            Contract.Described operation, Buffer body, RoutingContext exchange, List<String> problems) {
        if (body.length() == 0) {
            if (operation.bodyIsRequired()) {
                problems.add("body: missing; fix: send a JSON object, such as {\"reason\": \"...\"}");
            }
            return Json.object();
        }
        if (!isJson(exchange.request().getHeader("Content-Type"))) {
            throw new ProblemException(NOT_JSON);
        }
        Optional<JsonSchema> schema = operation.body();
        if (schema.isEmpty()) {
            problems.add("body: this operation takes none; fix: leave it out");
            return Json.object();
        }
        // Ours first: it refuses doubled members, deep nesting and what stands behind the end, which the other lets
        // pass.
        @Nullable ObjectNode object = parse(body, problems);
        if (object == null) {
            return Json.object();
        }
        JsonObject value = new JsonObject(body);
        problems.addAll(new Violations(Contract.json(schema.get()), "", value)
                .of(contract.validator(schema.get()).validate(value)));
        return object;
    }

    private static @Nullable ObjectNode parse(Buffer body, List<String> problems) {
        try {
            if (Json.read(body.getBytes()) instanceof ObjectNode object) {
                return object;
            }
            problems.add("body: not a JSON object; fix: send an object, such as {\"reason\": \"...\"}");
        } catch (JsonProcessingException e) {
            String where = e.getLocation() == null
                    ? ""
                    : " at line " + e.getLocation().getLineNr() + ", column "
                            + e.getLocation().getColumnNr();
            problems.add(
                    "body: not JSON" + where + ": " + e.getOriginalMessage() + "; fix: send one JSON object in UTF-8");
        } catch (IOException e) {
            problems.add("body: not JSON: " + e.getMessage() + "; fix: send one JSON object in UTF-8");
        }
        return null;
    }

    private static boolean isJson(@Nullable String contentType) {
        return contentType != null
                && contentType.toLowerCase(Locale.ROOT).matches("application/json *(; *charset=\"?utf-8\"? *)?");
    }

    private static final ProblemDetails NOT_JSON = ProblemDetails.of(
            415,
            "not-json",
            "The body is not declared as JSON",
            "The Content-Type field does not say application/json.",
            "send Content-Type: application/json");
}
