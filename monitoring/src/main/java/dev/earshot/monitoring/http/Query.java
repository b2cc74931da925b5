package dev.earshot.monitoring.http;

import dev.earshot.protocol.problem.Problem;
import dev.earshot.protocol.problem.ProblemException;
import dev.earshot.protocol.problem.ProblemType;
import io.vertx.ext.web.RoutingContext;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads a request's query parameters; what can't be used is answered with its name and why. */
final class Query {
  private final RoutingContext ctx;

  /**
   * Of that request.
   *
   * @param known all parameters that there are: a misspelt filter must not be passed over
   */
  Query(RoutingContext ctx, Set<String> known) {
    this.ctx = ctx;
    for (String name : ctx.queryParams().names()) {
      if (!known.contains(name)) {
        throw wrong(
            name, "unknown (expected: one of " + String.join(", ", new TreeSet<>(known)) + ")");
      }
    }
  }

  /** A text; null when it is not given. */
  @Nullable String text(String name) {
    List<String> values = ctx.queryParam(name);
    return values.isEmpty() || values.getFirst().isEmpty() ? null : values.getFirst();
  }

  /** A whole number within bounds. */
  int number(String name, int fallback, int lowest, int highest) {
    String text = text(name);
    try {
      int value = text == null ? fallback : Integer.parseInt(text);
      if (value >= lowest && value <= highest) {
        return value;
      }
    } catch (NumberFormatException e) {
      // Said below, like a number out of range.
    }
    throw wrong(
        name, "'" + text + "' (expected: a whole number from " + lowest + " to " + highest + ")");
  }

  /** True or false; null when it is not given. */
  @Nullable Boolean flag(String name) {
    String text = text(name);
    if (text == null) {
      return null;
    }
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default -> throw wrong(name, "'" + text + "' (expected: true or false)");
    };
  }

  /** A moment. */
  Instant instant(String name, Instant fallback) {
    String text = text(name);
    try {
      return text == null ? fallback : Instant.parse(text);
    } catch (DateTimeException e) {
      throw wrong(name, "'" + text + "' (expected: an instant such as 2026-01-31T08:00:00Z)");
    }
  }

  /** A duration in ISO 8601 form. */
  Duration duration(String name, Duration fallback) {
    String text = text(name);
    try {
      return text == null ? fallback : Duration.parse(text);
    } catch (DateTimeException e) {
      throw wrong(name, "'" + text + "' (expected: a duration such as PT1H)");
    }
  }

  /** Some words, separated by commas, all of them known. */
  List<String> words(String name, List<String> known) {
    String text = text(name);
    if (text == null) {
      return List.of();
    }
    List<String> words = List.of(text.split(",", -1));
    for (String word : words) {
      if (!known.contains(word)) {
        throw wrong(name, "'" + word + "' (expected: some of " + String.join(",", known) + ")");
      }
    }
    return words.stream().distinct().toList();
  }

  /** This request's path and query with one parameter replaced. */
  String with(String name, String value) {
    String others =
        ctx.queryParams().entries().stream()
            .filter(entry -> !entry.getKey().equals(name))
            .map(entry -> entry.getKey() + "=" + encoded(entry.getValue()) + "&")
            .collect(Collectors.joining());
    return ctx.request().path() + "?" + others + name + "=" + encoded(value);
  }

  /** A parameter that can't be used. */
  static ProblemException wrong(String parameter, String message) {
    return new ProblemException(
        ProblemType.INVALID_REQUEST,
        "the query can't be used",
        List.of(new Problem.FieldError(parameter, message)));
  }

  private static String encoded(String value) {
    return URLEncoder.encode(value, StandardCharsets.UTF_8);
  }
}
