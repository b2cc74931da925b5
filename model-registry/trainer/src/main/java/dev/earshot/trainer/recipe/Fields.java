package dev.earshot.trainer.recipe;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * Reads one mapping of a recipe field by field and remembers which were asked for, so that a key
 * that nobody asked for is refused by name instead of being ignored.
 */
final class Fields {
  private final String path;
  private final JsonNode node;
  private final Set<String> known = new TreeSet<>();

  Fields(String path, JsonNode node) {
    if (!node.isObject()) {
      throw new IllegalArgumentException(
          (path.isEmpty() ? "recipe" : path) + ": not a mapping (expected: key: value lines)");
    }
    this.path = path;
    this.node = node;
  }

  boolean has(String key) {
    known.add(key);
    return node.hasNonNull(key);
  }

  Fields child(String key) {
    return new Fields(name(key), required(key));
  }

  List<Fields> children(String key) {
    List<Fields> children = new ArrayList<>();
    JsonNode list = list(key);
    for (int i = 0; i < list.size(); i++) {
      children.add(new Fields(name(key) + "[" + i + "]", list.get(i)));
    }
    return children;
  }

  String text(String key) {
    JsonNode value = required(key);
    if (!value.isTextual()) {
      throw wrong(key, value, "text");
    }
    return value.textValue();
  }

  int integer(String key, int low, int high) {
    JsonNode value = required(key);
    if (!value.isInt() || value.intValue() < low || value.intValue() > high) {
      throw wrong(key, value, "a whole number, " + low + " to " + high);
    }
    return value.intValue();
  }

  /** A list of whole numbers, at least one. */
  List<Integer> integers(String key) {
    List<Integer> integers = new ArrayList<>();
    JsonNode list = list(key);
    for (int i = 0; i < list.size(); i++) {
      if (!list.get(i).isInt()) {
        throw wrong(key + "[" + i + "]", list.get(i), "a whole number");
      }
      integers.add(list.get(i).intValue());
    }
    return integers;
  }

  long longInteger(String key) {
    JsonNode value = required(key);
    if (!value.isIntegralNumber() || !value.canConvertToLong()) {
      throw wrong(key, value, "a whole number");
    }
    return value.longValue();
  }

  double number(String key, double low, double high) {
    JsonNode value = required(key);
    if (!value.isNumber() || !(value.doubleValue() >= low) || !(value.doubleValue() <= high)) {
      throw wrong(key, value, "a number, " + low + " to " + high);
    }
    return value.doubleValue();
  }

  /** A list of words, at least one, each parsed; what the parser says is told with the field. */
  <T> List<T> words(String key, Function<String, T> parse) {
    List<T> words = new ArrayList<>();
    for (JsonNode word : list(key)) {
      try {
        words.add(parse.apply(word.asText()));
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(name(key) + ": " + e.getMessage(), e);
      }
    }
    return words;
  }

  /** To be called last. */
  void refuseUnknown() {
    node.fieldNames()
        .forEachRemaining(
            key -> {
              if (!known.contains(key)) {
                throw new IllegalArgumentException(
                    name(key) + ": unknown key (expected: one of " + known + ")");
              }
            });
  }

  private JsonNode list(String key) {
    JsonNode value = required(key);
    if (!value.isArray() || value.isEmpty()) {
      throw wrong(key, value, "a list of at least one");
    }
    return value;
  }

  private JsonNode required(String key) {
    known.add(key);
    JsonNode value = node.get(key);
    if (value == null || value.isNull()) {
      throw new IllegalArgumentException(name(key) + ": missing");
    }
    return value;
  }

  private IllegalArgumentException wrong(String key, JsonNode value, String expected) {
    return new IllegalArgumentException(name(key) + ": " + value + " (expected: " + expected + ")");
  }

  private String name(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }
}
