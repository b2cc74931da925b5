package dev.earshot.rollout.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A plan's text, parsed but not yet understood. Unlike a bare tree it still knows on which line
 * each field was written. Not thread-safe.
 */
public final class PlanDocument {
  private final ObjectNode root;
  private final Map<String, Integer> lines;
  private final List<InvalidPlan.FieldError> errors = new ArrayList<>();

  /**
   * @param lines from a field's path to the line, from 1, on which it is written
   */
  PlanDocument(ObjectNode root, Map<String, Integer> lines) {
    this.root = root;
    this.lines = lines;
  }

  /**
   * Takes a field that is no part of the plan out of the document, such as a request's {@code
   * start}. A value that is neither true nor false becomes one of the plan's errors.
   */
  public boolean takeFlag(String name) {
    JsonNode value = root.remove(name);
    if (value != null && !value.isBoolean()) {
      refuse(name, value + " (expected: true or false)");
    }
    return value != null && value.booleanValue();
  }

  ObjectNode root() {
    return root;
  }

  /** Notes that a field is wrong. */
  void refuse(String path, String message) {
    errors.add(new InvalidPlan.FieldError(path, line(path), message));
  }

  /** Whether that field, or an object or a list that it is in, was refused. */
  boolean isRefused(String path) {
    return errors.stream()
        .map(InvalidPlan.FieldError::field)
        .anyMatch(refused -> path.equals(refused) || isWithin(path, refused));
  }

  /**
   * @throws InvalidPlan with everything that was refused, in the order of the text
   */
  void finish() {
    if (!errors.isEmpty()) {
      throw new InvalidPlan(
          errors.stream().sorted((a, b) -> Integer.compare(a.line(), b.line())).toList());
    }
  }

  /** The line of a field, or else of the nearest object around it that was written. */
  private int line(String path) {
    String at = path;
    while (!at.isEmpty() && !lines.containsKey(at)) {
      at = at.substring(0, Math.max(0, Math.max(at.lastIndexOf('.'), at.lastIndexOf('['))));
    }
    return lines.getOrDefault(at, 0);
  }

  private static boolean isWithin(String path, String outer) {
    return path.startsWith(outer + ".") || path.startsWith(outer + "[");
  }
}
