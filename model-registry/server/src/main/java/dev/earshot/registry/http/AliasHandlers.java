package dev.earshot.registry.http;

import dev.earshot.protocol.Digest;
import dev.earshot.protocol.problem.ProblemType;
import dev.earshot.registry.ledger.Alias;
import dev.earshot.registry.release.AliasView;
import dev.earshot.registry.release.ReleaseDesk;
import io.vertx.core.Vertx;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Names for "the release of this name that is in use". */
final class AliasHandlers {
  private final Vertx vertx;
  private final ReleaseDesk desk;
  private final ReleaseShelf shelf;

  AliasHandlers(Vertx vertx, ReleaseDesk desk, ReleaseShelf shelf) {
    this.vertx = vertx;
    this.desk = desk;
    this.shelf = shelf;
  }

  /** GET all of a name. */
  void list(RoutingContext ctx) {
    shelf.requireRead();
    String name = String.valueOf(ctx.pathParam("name"));
    List<AliasView> views =
        shelf.state().aliases().stream()
            .filter(alias -> alias.key().name().equals(name))
            .map(AliasView::of)
            .toList();
    Answers.send(ctx, Answers.json(Map.of("aliases", views)));
  }

  /** GET one. */
  void get(RoutingContext ctx) {
    Answers.send(ctx, json(shelf.find(key(ctx))));
  }

  /** PUT: lets it stand for a version from now on. */
  void put(RoutingContext ctx) {
    shelf.requireRead();
    Alias.Key key = key(ctx);
    JsonBody body = JsonBody.read(ctx, List.of("version", "actor"));
    String version = body.text("version");
    String actor = body.text("actor", ReleaseHandlers.NAMELESS);
    Optional<Alias> seen = shelf.state().alias(key);
    Preconditions.requireMatchOrAbsence(ctx, seen.map(AliasHandlers::tag).orElse(null));
    vertx
        .executeBlocking(() -> desk.alias(key, version, seen, actor), false)
        .map(outcome -> json(ReleaseHandlers.require(outcome, ProblemType.CONFLICT)))
        .onSuccess(
            json -> {
              ctx.response().setStatusCode(seen.isPresent() ? 200 : 201);
              Answers.send(ctx, json);
            })
        .onFailure(failure -> Answers.fail(ctx, failure));
  }

  /** DELETE. The release stays. */
  void delete(RoutingContext ctx) {
    Alias seen = shelf.find(key(ctx));
    Preconditions.requireMatch(ctx, tag(seen));
    vertx
        .executeBlocking(() -> desk.withoutAlias(seen), false)
        .map(outcome -> ReleaseHandlers.require(outcome, ProblemType.CONFLICT))
        .onSuccess(gone -> ctx.response().setStatusCode(204).end())
        .onFailure(failure -> Answers.fail(ctx, failure));
  }

  private static EntityTag tag(Alias alias) {
    return EntityTag.of(Digest.of(json(alias)));
  }

  private static byte[] json(Alias alias) {
    return Answers.json(AliasView.of(alias));
  }

  private static Alias.Key key(RoutingContext ctx) {
    return new Alias.Key(
        String.valueOf(ctx.pathParam("name")), String.valueOf(ctx.pathParam("alias")));
  }
}
