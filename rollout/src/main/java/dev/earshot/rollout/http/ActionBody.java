package dev.earshot.rollout.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.earshot.protocol.problem.ProblemException;
import dev.earshot.protocol.problem.ProblemType;

/** Reads the optional body of an action: {@code {"reason": "...", "keep": true}}. */
final class ActionBody {
  private static final ObjectMapper JSON = new ObjectMapper();

  private ActionBody() {}

  static JsonNode read(String body) {
    if (body.isBlank()) {
      return JsonNodeFactory.instance.objectNode();
    }
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
