package dev.earshot.registry.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.earshot.protocol.problem.NearestName;
import dev.earshot.protocol.problem.Problem;
import dev.earshot.protocol.problem.ProblemException;
import dev.earshot.protocol.problem.ProblemType;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.util.List;

/** A small JSON object of texts that a request carries. Unknown fields are refused. */
final class JsonBody {
  /** Longer bodies are refused unread. */
  static final int LONGEST = 4096;

  private static final ObjectMapper JSON = new ObjectMapper();

  private final JsonNode object;

  private JsonBody(JsonNode object) {
    this.object = object;
  }

  /** The request's body, whatever it is; empty when there is none. */
  static byte[] bytes(RoutingContext ctx) {
    Buffer body = ctx.body().buffer();
    return body == null ? new byte[0] : body.getBytes();
  }

  /**
   * Reads one.
   *
   * @throws ProblemException when it is not an object with these fields only
   */
  static JsonBody read(RoutingContext ctx, List<String> fields) {
    JsonNode object = parse(bytes(ctx));
    object
        .fieldNames()
        .forEachRemaining(
            name -> {
              if (!fields.contains(name)) {
                throw wrong(
                    name,
                    "unknown field"
                        + NearestName.of(name, fields)
                            .map(near -> " (did you mean " + near + "?)")
                            .orElse(" (expected: one of " + String.join(", ", fields) + ")"));
              }
            });
    return new JsonBody(object);
  }

  private static JsonNode parse(byte[] body) {
    try {
      JsonNode node = JSON.readTree(body);
      if (node.isObject()) {
        return node;
      }
    } catch (JsonProcessingException e) {
      throw new ProblemException(
          ProblemType.INVALID_REQUEST, "body: not JSON: " + e.getOriginalMessage());
    } catch (IOException e) {
      throw new IllegalArgumentException("body: " + e.getMessage(), e);
    }
    throw new ProblemException(
        ProblemType.INVALID_REQUEST, "body: something else (expected: a JSON object)");
  }

  String text(String field) {
    JsonNode value = object.get(field);
    if (value == null || value.isNull()) {
      throw wrong(field, "missing");
    }
    if (!value.isTextual()) {
      throw wrong(field, value + " (expected: a text)");
    }
    return value.textValue();
  }

  String text(String field, String whenAbsent) {
    return object.hasNonNull(field) ? text(field) : whenAbsent;
  }

  static ProblemException wrong(String field, String message) {
    return new ProblemException(
        ProblemType.INVALID_REQUEST,
        field + ": " + message,
        List.of(new Problem.FieldError(field, message)));
  }
}
