package dev.earshot.protocol.trust;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.time.format.DateTimeParseException;

/** Reads fields, or says which one is wrong. */
final class Json {
  private Json() {}

  static JsonNode field(JsonNode node, String name) {
    JsonNode value = node.get(name);
    if (value == null || value.isNull()) {
      throw new IllegalArgumentException("field " + name + " is missing");
    }
    return value;
  }

  static JsonNode object(JsonNode node, String name) {
    JsonNode value = field(node, name);
    if (!value.isObject()) {
      throw new IllegalArgumentException("field " + name + " is not an object");
    }
    return value;
  }

  static JsonNode array(JsonNode node, String name) {
    JsonNode value = field(node, name);
    if (!value.isArray()) {
      throw new IllegalArgumentException("field " + name + " is not a list");
    }
    return value;
  }

  static String text(JsonNode node, String name) {
    JsonNode value = field(node, name);
    if (!value.isTextual()) {
      throw new IllegalArgumentException("field " + name + " is not a string");
    }
    return value.textValue();
  }

  static long number(JsonNode node, String name, long least, long most) {
    JsonNode value = field(node, name);
    if (!value.canConvertToLong() || !value.isIntegralNumber()) {
      throw new IllegalArgumentException("field " + name + " is not an integer");
    }
    long number = value.longValue();
    if (number < least || number > most) {
      throw new IllegalArgumentException(
          "field " + name + ": " + number + " (expected: " + least + " to " + most + ")");
    }
    return number;
  }

  static boolean flag(JsonNode node, String name) {
    JsonNode value = field(node, name);
    if (!value.isBoolean()) {
      throw new IllegalArgumentException("field " + name + " is not true or false");
    }
    return value.booleanValue();
  }

  static Instant instant(JsonNode node, String name) {
    try {
      return Instant.parse(text(node, name));
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException(
          "field " + name + " is not an instant such as 2030-01-01T00:00:00Z", e);
    }
  }
}
