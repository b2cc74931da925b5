package dev.earshot.protocol.document;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A text of YAML or JSON, parsed but not yet understood. Unlike a bare tree it still knows on which
 * line each field was written. Not thread-safe.
 */
public final class Document {
  private final Kind kind;
  private final ObjectNode root;
  private final Map<String, Integer> lines;
  private final List<InvalidDocument.FieldError> errors = new ArrayList<>();

  /**
   * What a document is, for messages to people.
   *
   * @param noun such as {@code plan}
   * @param example of its fields, such as {@code release and cohort}
   */
  public record Kind(String noun, String example) {}

  /**
   * @param lines from a field's path to the line, from 1, on which it is written
   */
  Document(Kind kind, ObjectNode root, Map<String, Integer> lines) {
    this.kind = kind;
    this.root = root;
    this.lines = lines;
  }

  /**
   * Parses a text.
   *
   * @throws InvalidDocument when it is neither YAML nor JSON, or has no named fields
   */
  public static Document parse(Kind kind, String text) {
    return DocumentParser.parse(kind, text);
  }

  /** Its outermost fields. */
  public Fields fields() {
    return new Fields(this);
  }

  /**
   * Takes a field that is no part of the content out of the document, such as a request's {@code
   * start}. A value that is neither true nor false becomes one of the document's errors.
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
    errors.add(new InvalidDocument.FieldError(path, line(path), message));
  }

  /** Whether that field, or an object or a list that it is in, was refused. */
  boolean isRefused(String path) {
    return errors.stream()
        .map(InvalidDocument.FieldError::field)
        .anyMatch(refused -> path.equals(refused) || isWithin(path, refused));
  }

  /**
   * @throws InvalidDocument with everything that was refused, in the order of the text
   */
  public void finish() {
    if (!errors.isEmpty()) {
      throw new InvalidDocument(
          kind.noun(),
          errors.stream().sorted((a, b) -> Integer.compare(a.line(), b.line())).toList());
    }
  }

  /** The line of a field, or else of the nearest object around it that was written. */
  int line(String path) {
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
