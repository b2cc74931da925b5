package dev.earshot.registry.http;

import dev.earshot.protocol.problem.Problem;
import dev.earshot.protocol.problem.ProblemException;
import dev.earshot.protocol.problem.ProblemType;
import dev.earshot.registry.compare.ReleaseComparison;
import dev.earshot.registry.compare.Side;
import dev.earshot.registry.ledger.RegistryState;
import dev.earshot.registry.query.Facts;
import dev.earshot.registry.query.QueryException;
import dev.earshot.registry.query.ReleaseQuery;
import dev.earshot.registry.release.PublishedRelease;
import dev.earshot.registry.release.ReleaseView;
import dev.earshot.registry.release.ReleaseView.Extent;
import io.vertx.core.Vertx;
import io.vertx.ext.web.RoutingContext;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Several releases: finding them, and holding two side by side. */
final class CatalogHandlers {
  private static final int PAGE = 100;
  private static final int LONGEST_PAGE = 1000;

  private final Vertx vertx;
  private final ReleaseShelf shelf;

  CatalogHandlers(Vertx vertx, ReleaseShelf shelf) {
    this.vertx = vertx;
    this.shelf = shelf;
  }

  /** A page, and where the next one is. */
  @SuppressWarnings("ArrayRecordComponent") // on its way to the client
  private record Page(byte[] json, @Nullable String next) {}

  /** GET: those that are looked for, in pages; by name, highest counter first, unless sorted. */
  void list(RoutingContext ctx) {
    shelf.requireRead();
    Map<String, String> asked = new LinkedHashMap<>();
    for (String parameter : List.of("name", "q", "sort")) {
      String value = ctx.request().getParam(parameter);
      if (value != null && !value.isEmpty()) {
        asked.put(parameter, value);
      }
    }
    int limit = limit(ctx.request().getParam("limit"));
    String cursor = ctx.request().getParam("after");
    ReleaseQuery query = query(asked.getOrDefault("q", ""), asked.getOrDefault("sort", ""));
    vertx
        .executeBlocking(() -> page(asked, query, limit, cursor), false)
        .onSuccess(
            page -> {
              if (page.next() != null) {
                ctx.response().putHeader("Link", page.next());
              }
              Answers.send(ctx, page.json());
            })
        .onFailure(ctx::fail);
  }

  private static ReleaseQuery query(String where, String sort) {
    try {
      return ReleaseQuery.parse(where, sort);
    } catch (QueryException e) {
      String message = String.valueOf(e.getMessage());
      throw new ProblemException(
          ProblemType.INVALID_REQUEST,
          message,
          List.of(new Problem.FieldError(message.contains("sort: ") ? "sort" : "q", message)));
    }
  }

  private Page page(
      Map<String, String> asked, ReleaseQuery query, int limit, @Nullable String cursor) {
    RegistryState state = shelf.state();
    String name = asked.get("name");
    List<Facts> found =
        query.select(
            state.catalog().all().stream()
                .filter(release -> name == null || release.ref().name().equals(name))
                .map(release -> shelf.facts(state, release))
                .toList());
    int from = after(found, cursor);
    List<Facts> page = found.subList(from, Math.min(found.size(), from + limit));
    List<ReleaseView> views =
        page.stream()
            .map(
                facts ->
                    ReleaseView.of(facts.release(), facts.details(), facts.aliases(), Extent.BRIEF))
            .toList();
    return new Page(
        Answers.json(Map.of("releases", views)),
        from + limit < found.size() ? next(asked, limit, page.getLast()) : null);
  }

  private static String next(Map<String, String> asked, int limit, Facts last) {
    StringBuilder link =
        new StringBuilder("</v1/releases?limit=" + limit + "&after=" + last.release().ref());
    asked.forEach(
        (parameter, value) ->
            link.append('&')
                .append(parameter)
                .append('=')
                .append(URLEncoder.encode(value, StandardCharsets.UTF_8)));
    return link.append(">; rel=\"next\"").toString();
  }

  private static int limit(@Nullable String text) {
    if (text == null) {
      return PAGE;
    }
    if (text.matches("\\d{1,4}")) {
      int limit = Integer.parseInt(text);
      if (limit >= 1 && limit <= LONGEST_PAGE) {
        return limit;
      }
    }
    throw new IllegalArgumentException(
        "limit: '" + text + "' (expected: 1 to " + LONGEST_PAGE + ")");
  }

  /** Index of the first release behind the cursor. */
  private static int after(List<Facts> all, @Nullable String cursor) {
    if (cursor == null) {
      return 0;
    }
    for (int i = 0; i < all.size(); i++) {
      if (all.get(i).release().ref().toString().equals(cursor)) {
        return i + 1;
      }
    }
    throw new IllegalArgumentException(
        "after: '" + cursor + "' (expected: a listed release, name:version)");
  }

  /** GET: two releases side by side. */
  void compare(RoutingContext ctx) {
    String labelA = required(ctx, "a");
    String labelB = required(ctx, "b");
    PublishedRelease a = shelf.resolve(labelA);
    PublishedRelease b = shelf.resolve(labelB);
    vertx
        .executeBlocking(
            () -> Answers.json(ReleaseComparison.of(side(labelA, a), side(labelB, b))), false)
        .onSuccess(json -> Answers.send(ctx, json))
        .onFailure(ctx::fail);
  }

  private Side side(String label, PublishedRelease release) {
    return new Side(label, release.manifest(), shelf.details(release));
  }

  private static String required(RoutingContext ctx, String parameter) {
    String value = ctx.request().getParam(parameter);
    if (value == null || value.isEmpty()) {
      throw JsonBody.wrong(parameter, "missing (expected: name:version or name@alias)");
    }
    return value;
  }
}
