package dev.earshot.rollout.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.earshot.protocol.problem.Problem.FieldError;
import dev.earshot.protocol.problem.ProblemException;
import dev.earshot.protocol.problem.ProblemType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The optional body of an action.
 *
 * @param reason for the audit trail, at most 1,000 characters; may be empty
 * @param keep for an abort: devices keep the release; any other action refuses it
 */
record ActionBody(String reason, boolean keep) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int LONGEST_REASON = 1_000;

  static ActionBody read(Action action, String body) {
    if (body.isBlank()) {
      return new ActionBody("", false);
    }
    JsonNode node = parse(body);
    List<FieldError> errors = new ArrayList<>();
    node.properties()
        .forEach(
            field -> {
              String problem = problem(action, field.getKey(), field.getValue());
              if (problem != null) {
                errors.add(new FieldError(field.getKey(), problem));
              }
            });
    if (!errors.isEmpty()) {
      throw new ProblemException(ProblemType.INVALID_REQUEST, "the body can't be used", errors);
    }
    return new ActionBody(node.path("reason").asText(""), node.path("keep").asBoolean(false));
  }

  private static @Nullable String problem(Action action, String name, JsonNode value) {
    return switch (name) {
      case "reason" ->
          value.isTextual() && value.textValue().length() <= LONGEST_REASON
              ? null
              : "expected: a text of at most " + LONGEST_REASON + " characters";
      case "keep" ->
          action == Action.ABORT && value.isBoolean()
              ? null
              : action == Action.ABORT
                  ? value + " (expected: true or false)"
                  : "only an abort can say so";
      default -> "unknown (known: reason" + (action == Action.ABORT ? ", keep" : "") + ")";
    };
  }

  private static JsonNode parse(String body) {
    try {
      JsonNode node = JSON.readTree(body);
      if (node.isObject()) {
        return node;
      }
    } catch (JsonProcessingException e) {
      throw new ProblemException(
          ProblemType.INVALID_REQUEST, "the body is not JSON: " + e.getOriginalMessage());
    }
    throw new ProblemException(
        ProblemType.INVALID_REQUEST, "the body: expected an object such as {\"reason\": \"...\"}");
  }
}
