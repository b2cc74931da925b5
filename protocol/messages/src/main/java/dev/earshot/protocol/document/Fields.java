package dev.earshot.protocol.document;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.earshot.protocol.problem.NearestName;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the fields of one object of a document and notes everything that is wrong, so that a person
 * corrects a text once. Readers return the default for a wrong field.
 */
public final class Fields {
  private static final Pattern TIME = Pattern.compile("([01][0-9]|2[0-3]):[0-5][0-9]");
  private static final int LONGEST_SHOWN = 60;

  private final JsonNode node;
  private final String path;
  private final Document document;
  private final Set<String> known = new LinkedHashSet<>();

  /** The known fields of objects within, such as {@code schedule.start_at} by its last name. */
  private final Map<String, String> deeper = new LinkedHashMap<>();

  private final @Nullable Fields parent;

  /** What a value is read by; null when it is of another kind. */
  private interface Reading<T> {
    @Nullable T of(JsonNode value);
  }

  /** What an element of a list is read by; null when it was refused. */
  private interface ElementReading<T> {
    @Nullable T of(String at, JsonNode element);
  }

  /** The outermost ones. */
  Fields(Document document) {
    this(document.root(), "", document, null);
  }

  private Fields(JsonNode node, String path, Document document, @Nullable Fields parent) {
    this.node = node;
    this.path = path;
    this.document = document;
    this.parent = parent;
    if (!node.isObject() && !node.isMissingNode()) {
      document.refuse(path, shown(node) + " (expected: named fields)");
    }
  }

  public boolean has(String name) {
    return node.has(name);
  }

  public String text(String name, String fallback) {
    return orElse(optionalText(name), fallback);
  }

  /** A text, or null. */
  public @Nullable String optionalText(String name) {
    return value(name, "a text; in quotes where it looks like another value", JsonNode::textValue);
  }

  public @Nullable String requiredText(String name) {
    requirePresent(name);
    return optionalText(name);
  }

  /** A text that means something. */
  public <T> T parsed(String name, Function<String, T> parse, T fallback) {
    String text = optionalText(name);
    try {
      return text == null ? fallback : parse.apply(text);
    } catch (IllegalArgumentException e) {
      error(name, String.valueOf(e.getMessage()));
      return fallback;
    }
  }

  /** The names of the fields that were written, in their order; none when it is no object. */
  public List<String> names() {
    List<String> names = new ArrayList<>();
    node.fieldNames().forEachRemaining(names::add);
    return names;
  }

  /** The value of a field as it was written; a missing node when it was not. */
  public JsonNode raw(String name) {
    return get(name);
  }

  /** The line that a field stands on, from 1; 0 when that is not known. */
  public int line(String name) {
    return document.line(at(name));
  }

  public double number(String name, double fallback) {
    return orElse(optionalNumber(name), fallback);
  }

  /** A number within limits, which belong to the allowed values. */
  public double number(String name, double fallback, double least, double most) {
    double number = number(name, fallback);
    if (number >= least && number <= most) {
      return number;
    }
    error(
        name,
        Numbers.plain(number)
            + " (expected: "
            + Numbers.plain(least)
            + " to "
            + Numbers.plain(most)
            + ")");
    return fallback;
  }

  public @Nullable Double optionalNumber(String name) {
    return value(name, "a number", value -> value.isNumber() ? value.doubleValue() : null);
  }

  public @Nullable Double requiredNumber(String name) {
    requirePresent(name);
    return optionalNumber(name);
  }

  public int integer(String name, int fallback) {
    return orElse(
        this.<Integer>value(
            name,
            "a whole number",
            value ->
                value.isNumber() && value.canConvertToExactIntegral() && value.canConvertToInt()
                    ? value.intValue()
                    : null),
        fallback);
  }

  /** A whole number of 64 bits. */
  public long wholeNumber(String name, long fallback) {
    return orElse(
        this.<Long>value(
            name,
            "a whole number",
            value ->
                value.isNumber() && value.canConvertToExactIntegral() && value.canConvertToLong()
                    ? value.longValue()
                    : null),
        fallback);
  }

  /** Yes or no. */
  public boolean flag(String name, boolean fallback) {
    return orElse(
        this.<Boolean>value(
            name, "true or false", value -> value.isBoolean() ? value.booleanValue() : null),
        fallback);
  }

  public Duration duration(String name, Duration fallback) {
    return orElse(
        this.<Duration>value(
            name,
            "a duration such as 90s, 30m, 6h, 2d or PT30M",
            value -> value.isTextual() ? Durations.parse(value.textValue()) : null),
        fallback);
  }

  public @Nullable Instant instant(String name) {
    return value(
        name,
        "an instant such as 2027-01-31T08:00:00Z",
        value -> value.isTextual() ? Instant.parse(value.textValue()) : null);
  }

  public @Nullable Instant requiredInstant(String name) {
    requirePresent(name);
    return instant(name);
  }

  /** A time of day, to the minute. */
  public @Nullable LocalTime requiredTime(String name) {
    requirePresent(name);
    return value(
        name,
        "a time of day such as \"22:30\"; midnight is \"00:00\"",
        value ->
            value.isTextual() && TIME.matcher(value.textValue()).matches()
                ? LocalTime.parse(value.textValue())
                : null);
  }

  /** One of a closed set of words. */
  public <T> T word(String name, Map<String, T> words, T fallback) {
    return orElse(optionalWord(name, words), fallback);
  }

  /** One of a closed set of words, or null. */
  public <T> @Nullable T optionalWord(String name, Map<String, T> words) {
    JsonNode value = get(name);
    return value.isMissingNode() ? null : word(at(name), value, words);
  }

  /** A list of different words; null when there is none, or it is wrong. */
  public <T> @Nullable List<T> words(String name, Map<String, T> words) {
    return list(name, (at, value) -> word(at, value, words));
  }

  /** A list of different texts; null when there is none, or it is wrong. */
  public @Nullable List<String> texts(String name) {
    return list(name, (at, value) -> read(at, value, "a text", JsonNode::textValue));
  }

  public Fields object(String name) {
    return new Fields(get(name), at(name), document, this);
  }

  /** The objects of a list, or null when there is none. */
  public @Nullable List<Fields> objects(String name) {
    JsonNode list = requireList(name);
    if (list == null) {
      return null;
    }
    List<Fields> elements = new ArrayList<>();
    for (int i = 0; i < list.size(); i++) {
      elements.add(new Fields(list.get(i), at(name) + "[" + i + "]", document, null));
    }
    return elements;
  }

  /** Builds a value of this object's fields; what is wrong is noted and the fallback is used. */
  public <T> T build(Supplier<T> value, T fallback) {
    return build(value, fallback, UnaryOperator.identity());
  }

  /**
   * Builds a value of this object's fields, of which one may be written in two ways.
   *
   * @param rename from the field that the value names to the one that was written
   */
  public <T> T build(Supplier<T> value, T fallback, UnaryOperator<String> rename) {
    refuseUnknown();
    try {
      return value.get();
    } catch (FieldException e) {
      for (FieldException.Refusal refusal : e.refusals()) {
        String field = absolute(rename.apply(refusal.field()));
        // How fields fit together can only be said of fields that are right by themselves.
        if (!document.isRefused(field) && !document.isRefused(absolute(refusal.other()))) {
          document.refuse(field, refusal.reason());
        }
      }
      return fallback;
    }
  }

  public void error(String name, String message) {
    document.refuse(at(name), message);
  }

  private <T> @Nullable T value(String name, String expected, Reading<T> reading) {
    JsonNode value = get(name);
    return value.isMissingNode() ? null : read(at(name), value, expected, reading);
  }

  private <T> @Nullable T read(String at, JsonNode value, String expected, Reading<T> reading) {
    try {
      T read = value.isNull() ? null : reading.of(value);
      if (read != null) {
        return read;
      }
    } catch (DateTimeException | IllegalArgumentException e) {
      // Refused below, in our own words.
    }
    document.refuse(at, shown(value) + " (expected: " + expected + ")");
    return null;
  }

  private <T> @Nullable T word(String at, JsonNode value, Map<String, T> words) {
    T meant = value.isNull() ? null : words.get(value.asText());
    if (meant == null) {
      String guess =
          NearestName.of(value.asText(), words.keySet())
              .map(near -> "; did you mean " + near + "?")
              .orElse("");
      document.refuse(at, shown(value) + " (expected: " + oneOf(words) + ")" + guess);
    }
    return meant;
  }

  private <T> @Nullable List<T> list(String name, ElementReading<T> reading) {
    JsonNode list = requireList(name);
    if (list == null) {
      return null;
    }
    List<T> elements = new ArrayList<>();
    for (int i = 0; i < list.size(); i++) {
      String at = at(name) + "[" + i + "]";
      T element = reading.of(at, list.get(i));
      if (element != null && elements.contains(element)) {
        document.refuse(at, shown(list.get(i)) + " is there twice");
      } else if (element != null) {
        elements.add(element);
      }
    }
    return elements.size() == list.size() ? elements : null;
  }

  private @Nullable JsonNode requireList(String name) {
    return value(name, "a list", value -> value.isArray() ? value : null);
  }

  private void requirePresent(String name) {
    if (node.isObject() && !node.has(name)) {
      error(name, "missing");
    }
  }

  private void refuseUnknown() {
    if (parent != null) {
      known.forEach(name -> parent.deeper.put(name, at(name)));
    }
    node.fieldNames()
        .forEachRemaining(
            name -> {
              if (!known.contains(name)) {
                error(name, "unknown" + suggestion(name));
              }
            });
  }

  private String suggestion(String name) {
    String elsewhere = deeper.get(name);
    return (elsewhere == null ? NearestName.of(name, known) : Optional.of(elsewhere))
        .map(meant -> "; did you mean " + meant + "?")
        .orElseGet(() -> " (known: " + String.join(", ", known) + ")");
  }

  private JsonNode get(String name) {
    known.add(name);
    JsonNode value = node.get(name);
    return value == null ? MissingNode.getInstance() : value;
  }

  private String at(String name) {
    return path.isEmpty() ? name : path + "." + name;
  }

  /** Records name their fields from the plan's root, or from the list's element they are in. */
  private String absolute(String field) {
    int element = path.lastIndexOf(']');
    return element < 0 ? field : path.substring(0, element + 1) + "." + field;
  }

  private static String oneOf(Map<String, ?> words) {
    return String.join(" or ", words.keySet());
  }

  private static String shown(JsonNode value) {
    if (value.isNull()) {
      return "empty";
    }
    String text = value.isTextual() ? "'" + value.textValue() + "'" : value.toString();
    return text.length() <= LONGEST_SHOWN ? text : text.substring(0, LONGEST_SHOWN) + "...";
  }

  private static <T> T orElse(@Nullable T value, T fallback) {
    return value == null ? fallback : value;
  }
}
