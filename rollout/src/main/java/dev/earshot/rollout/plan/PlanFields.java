package dev.earshot.rollout.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads the fields of one object of a plan and collects everything that is wrong, so that a person
 * corrects a plan once. Readers return the default for a wrong field.
 */
final class PlanFields {
  private final JsonNode node;
  private final String path;
  private final List<InvalidPlan.FieldError> errors;
  private final Set<String> known = new LinkedHashSet<>();

  PlanFields(JsonNode node, String path, List<InvalidPlan.FieldError> errors) {
    this.node = node;
    this.path = path;
    this.errors = errors;
    if (!node.isObject() && !node.isMissingNode()) {
      errors.add(new InvalidPlan.FieldError(path, "expected: an object with named fields"));
    }
  }

  String text(String name, String fallback) {
    return value(name, fallback, JsonNode::isTextual, JsonNode::textValue, "a text");
  }

  @Nullable String requiredText(String name) {
    if (get(name).isMissingNode()) {
      error(name, "missing");
      return null;
    }
    return text(name, "");
  }

  double number(String name, double fallback) {
    return value(name, fallback, JsonNode::isNumber, JsonNode::doubleValue, "a number");
  }

  int integer(String name, int fallback) {
    return value(name, fallback, JsonNode::isInt, JsonNode::intValue, "a whole number");
  }

  Duration duration(String name, Duration fallback) {
    String text = text(name, "");
    if (text.isEmpty()) {
      return fallback;
    }
    try {
      return Durations.parse(text);
    } catch (IllegalArgumentException e) {
      error(name, String.valueOf(e.getMessage()));
      return fallback;
    }
  }

  @Nullable Instant instant(String name) {
    String text = text(name, "");
    try {
      return text.isEmpty() ? null : Instant.parse(text);
    } catch (DateTimeParseException e) {
      error(name, "'" + text + "' (expected: an instant such as 2027-01-31T08:00:00Z)");
      return null;
    }
  }

  PlanFields object(String name) {
    return new PlanFields(get(name), at(name), errors);
  }

  /** The elements of a list, or null when there is none. */
  @Nullable List<PlanFields> list(String name) {
    JsonNode list = get(name);
    if (list.isMissingNode()) {
      return null;
    }
    if (!list.isArray()) {
      error(name, "expected: a list");
      return null;
    }
    List<PlanFields> elements = new ArrayList<>();
    for (int i = 0; i < list.size(); i++) {
      elements.add(new PlanFields(list.get(i), at(name) + "[" + i + "]", errors));
    }
    return elements;
  }

  /** Builds a value of this object's fields; a refusal becomes an error and the default is used. */
  <T> T build(Supplier<T> value, T fallback) {
    refuseUnknown();
    if (path.isEmpty() && !errors.isEmpty()) {
      // How parts fit together can only be said when the parts are right.
      return fallback;
    }
    try {
      return value.get();
    } catch (PlanFieldException e) {
      errors.add(new InvalidPlan.FieldError(within(e.field()), e.reason()));
      return fallback;
    }
  }

  void error(String name, String message) {
    errors.add(new InvalidPlan.FieldError(at(name), message));
  }

  private void refuseUnknown() {
    node.fieldNames()
        .forEachRemaining(
            name -> {
              if (!known.contains(name)) {
                error(name, "unknown (known: " + String.join(", ", known) + ")");
              }
            });
  }

  private JsonNode get(String name) {
    known.add(name);
    JsonNode value = node.get(name);
    return value == null || value.isNull() ? MissingNode.getInstance() : value;
  }

  private <T> T value(
      String name,
      T fallback,
      Function<JsonNode, Boolean> fits,
      Function<JsonNode, T> read,
      String expected) {
    JsonNode value = get(name);
    if (value.isMissingNode()) {
      return fallback;
    }
    if (!fits.apply(value)) {
      error(name, value + " (expected: " + expected + ")");
      return fallback;
    }
    return read.apply(value);
  }

  private String at(String name) {
    return path.isEmpty() ? name : path + "." + name;
  }

  /** Records name their fields from the plan's root, except those that occur in lists. */
  private String within(String field) {
    return path.endsWith("]") ? path + "." + field : field;
  }
}
