package dev.earshot.service;

import dev.earshot.protocol.problem.NearestName;
import java.net.URI;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a service's configuration from a flat map, usually the environment. Every problem is
 * reported at once; a key that starts with {@code EARSHOT_} and that nobody asked for is refused
 * with the nearest known one; secrets are never shown.
 *
 * <pre>{@code
 * Settings settings = Settings.of(System.getenv());
 * GatewayConfig config = new GatewayConfig(settings.text("EARSHOT_KAFKA", "localhost:19092"), ...);
 * settings.finish("gateway");
 * }</pre>
 *
 * <p>Readers return the default (or a harmless value) for a bad setting; nothing may be used before
 * {@link #finish} returned.
 */
public final class Settings {
  private static final Logger LOG = LoggerFactory.getLogger(Settings.class);
  private static final String PREFIX = "EARSHOT_";

  private final Map<String, String> values;
  private final Map<String, String> inEffect = new TreeMap<>();
  private final List<String> errors = new ArrayList<>();

  private Settings(Map<String, String> values) {
    this.values = Map.copyOf(values);
  }

  public static Settings of(Map<String, String> values) {
    return new Settings(values);
  }

  /** A text that has a default. */
  public String text(String key, String fallback) {
    return read(key, fallback, Function.identity(), "a text", false);
  }

  /** A text that must be given. */
  public String requiredText(String key) {
    if (values.getOrDefault(key, "").isBlank()) {
      errors.add(key + ": missing");
    }
    return text(key, "");
  }

  /** A text that no log shows. Empty when absent. */
  public String secret(String key) {
    return read(key, "", Function.identity(), "a text", true);
  }

  /** A TCP port; 0 means any free one. */
  public int port(String key, int fallback) {
    return integer(key, fallback, 0, 65_535);
  }

  /** A whole number within bounds. */
  public int integer(String key, int fallback, int lowest, int highest) {
    return read(
        key,
        fallback,
        text -> {
          int value = Integer.parseInt(text);
          if (value < lowest || value > highest) {
            throw new IllegalArgumentException("out of range");
          }
          return value;
        },
        "a whole number from " + lowest + " to " + highest,
        false);
  }

  /** A duration in ISO 8601 form, such as {@code PT30S}. */
  public Duration duration(String key, Duration fallback) {
    return read(key, fallback, Duration::parse, "a duration such as PT30S", false);
  }

  /** An absolute URL without a trailing slash. */
  public URI url(String key, URI fallback) {
    return read(
        key,
        fallback,
        text -> {
          URI uri = URI.create(text.endsWith("/") ? text.substring(0, text.length() - 1) : text);
          if (!uri.isAbsolute() || uri.getHost() == null) {
            throw new IllegalArgumentException("not absolute");
          }
          return uri;
        },
        "an absolute URL such as http://registry:7081",
        false);
  }

  /** A path in the file system. */
  public Path path(String key, Path fallback) {
    return read(key, fallback, Path::of, "a path", false);
  }

  /** Anything else that has a parser which throws {@link IllegalArgumentException}. */
  public <T> T parsed(String key, T fallback, Function<String, T> parser, String expected) {
    return read(key, fallback, parser, expected, false);
  }

  /**
   * Ends reading: throws when anything was wrong or unknown, else logs what is in effect.
   *
   * @throws InvalidSettings with all problems
   */
  public void finish(String service) {
    Set<String> unknown = new TreeSet<>(values.keySet());
    unknown.removeIf(key -> !key.startsWith(PREFIX) || inEffect.containsKey(key));
    for (String key : unknown) {
      errors.add(key + ": unknown" + suggestion(key));
    }
    if (!errors.isEmpty()) {
      throw new InvalidSettings(errors);
    }
    LOG.info("{} settings: {}", service, inEffect);
  }

  private <T> T read(
      String key, T fallback, Function<String, T> parser, String expected, boolean secret) {
    String text = values.get(key);
    if (text == null || text.isBlank()) {
      inEffect.put(key, secret ? "(not set)" : String.valueOf(fallback));
      return fallback;
    }
    inEffect.put(key, secret ? "(secret)" : text);
    try {
      return parser.apply(text.strip());
    } catch (IllegalArgumentException | DateTimeParseException e) {
      errors.add(
          key + ": '" + (secret ? "(secret)" : text) + "' (expected: " + expected + why(e) + ")");
      return fallback;
    }
  }

  private static String why(RuntimeException e) {
    boolean plain = e instanceof NumberFormatException || e instanceof InvalidPathException;
    String message = e.getMessage();
    return plain || message == null || message.length() < 16 ? "" : "; " + message;
  }

  private String suggestion(String key) {
    return NearestName.of(key, inEffect.keySet())
        .map(nearest -> " (did you mean " + nearest + "?)")
        .orElse("");
  }
}
