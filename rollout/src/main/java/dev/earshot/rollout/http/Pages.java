package dev.earshot.rollout.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.earshot.protocol.problem.Problem.FieldError;
import dev.earshot.protocol.problem.ProblemException;
import dev.earshot.protocol.problem.ProblemType;
import io.vertx.ext.web.RoutingContext;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Lists in pages: {@code limit} and {@code after}; the header {@code Link} leads to the next. */
final class Pages {
  private static final int DEFAULT = 100;
  private static final int LARGEST = 1_000;

  private Pages() {}

  /** How many elements are wanted. */
  static int limit(RoutingContext ctx) {
    String text = ctx.request().getParam("limit");
    try {
      int limit = text == null ? DEFAULT : Integer.parseInt(text);
      if (limit >= 1 && limit <= LARGEST) {
        return limit;
      }
    } catch (NumberFormatException e) {
      // Said below.
    }
    throw wrong("limit", "'" + text + "' (expected: 1 to " + LARGEST + ")");
  }

  /** A filter that must be one of some words; null: none was given. */
  static @Nullable String word(RoutingContext ctx, String name, List<String> known) {
    String word = ctx.request().getParam(name);
    if (word != null && !known.contains(word)) {
      throw wrong(name, "'" + word + "' (expected: one of " + String.join(", ", known) + ")");
    }
    return word;
  }

  /**
   * Answers with a page.
   *
   * @param found up to one more than the limit: whether there is a next page
   * @param cursor of an element: what {@code after} must be for those behind it
   * @param filters names of the query parameters that the next page needs as well
   */
  static <T> void send(
      RoutingContext ctx,
      String name,
      List<T> found,
      Function<T, JsonNode> json,
      Function<T, String> cursor,
      String... filters) {
    int limit = limit(ctx);
    ArrayNode elements = JsonNodeFactory.instance.arrayNode();
    found.stream().limit(limit).forEach(element -> elements.add(json.apply(element)));
    if (found.size() > limit) {
      String query =
          Stream.concat(
                  Stream.of(filters)
                      .filter(filter -> !ctx.request().getParam(filter, "").isEmpty())
                      .map(filter -> filter + "=" + encode(ctx.request().getParam(filter, ""))),
                  Stream.of(
                      "limit=" + limit, "after=" + encode(cursor.apply(found.get(limit - 1)))))
              .collect(Collectors.joining("&"));
      ctx.response()
          .putHeader("Link", "<" + ctx.request().path() + "?" + query + ">; rel=\"next\"");
    }
    ObjectNode page = JsonNodeFactory.instance.objectNode();
    page.set(name, elements);
    Answers.resource(ctx, page);
  }

  /** A query parameter that can't be used. */
  static ProblemException wrong(String parameter, String message) {
    return new ProblemException(
        ProblemType.INVALID_REQUEST,
        "the query can't be used",
        List.of(new FieldError(parameter, message)));
  }

  private static String encode(String value) {
    return URLEncoder.encode(value, StandardCharsets.UTF_8);
  }
}
