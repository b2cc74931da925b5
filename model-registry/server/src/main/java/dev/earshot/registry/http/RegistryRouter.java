package dev.earshot.registry.http;

import dev.earshot.protocol.release.SignedManifest;
import dev.earshot.registry.blob.BlobStore;
import dev.earshot.registry.gc.GarbageCollector;
import dev.earshot.registry.ledger.RegistryLedger;
import dev.earshot.registry.oci.PublishedContent;
import dev.earshot.registry.release.DetailsReader;
import dev.earshot.registry.release.Publishing;
import dev.earshot.registry.release.ReleaseDesk;
import dev.earshot.registry.release.ReleaseFile;
import dev.earshot.registry.trust.TrustPlane;
import dev.earshot.service.Health;
import dev.earshot.service.HttpEdge;
import io.prometheus.client.CollectorRegistry;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;

/** Puts the registry's routes together. Writing needs the operator's token, reading does not. */
public final class RegistryRouter {
  private final Router router;
  private final RegistryMetrics metrics;
  private final Handler<RoutingContext> operatorsOnly;

  private RegistryRouter(Router router, RegistryMetrics metrics, String adminToken) {
    this.router = router;
    this.metrics = metrics;
    this.operatorsOnly = HttpEdge.bearer(adminToken);
  }

  /**
   * What answers the registry's requests.
   *
   * @param adminToken bearer token for writing; empty refuses every write
   */
  public static Handler<HttpServerRequest> create(
      Vertx vertx,
      BlobStore store,
      GarbageCollector collector,
      Publishing publishing,
      RegistryLedger ledger,
      TrustPlane trust,
      CollectorRegistry metricsRegistry,
      String adminToken) {
    return router(vertx, store, collector, publishing, ledger, trust, metricsRegistry, adminToken);
  }

  static Router router(
      Vertx vertx,
      BlobStore store,
      GarbageCollector collector,
      Publishing publishing,
      RegistryLedger ledger,
      TrustPlane trust,
      CollectorRegistry metricsRegistry,
      String adminToken) {
    Health health =
        new Health()
            .check("releases", ledger::problem)
            .check("trust", trust::problem)
            .check("blobs", store::problem);
    RegistryMetrics metrics = new RegistryMetrics(metricsRegistry, ledger);
    Router router = HttpEdge.router(vertx, health, metricsRegistry);
    // Before the routes that the edge has put in: all requests count, and OCI's errors come first.
    router.route().order(-2).handler(metrics::observe);
    OciRoutes.edge(router);
    OciRoutes oci = OciRoutes.over(vertx, store, published(ledger), metrics);
    ReleaseShelf shelf = new ReleaseShelf(ledger, new DetailsReader(store));
    ReleaseDesk desk = new ReleaseDesk(ledger, publishing.clock());
    new RegistryRouter(router, metrics, adminToken)
        .mount(
            new ReleaseHandlers(vertx, publishing, desk, shelf, metrics),
            new CatalogHandlers(vertx, shelf),
            new AliasHandlers(vertx, desk, shelf),
            new TrustHandlers(vertx, trust, shelf),
            new GarbageHandlers(vertx, collector));
    oci.mount(router, metrics, new OciTokens(adminToken));
    return router;
  }

  private void mount(
      ReleaseHandlers releases,
      CatalogHandlers catalog,
      AliasHandlers aliases,
      TrustHandlers trust,
      GarbageHandlers garbage) {
    BodyHandler small = BodyHandler.create(false).setBodyLimit(JsonBody.LONGEST);
    BodyHandler envelope = BodyHandler.create(false).setBodyLimit(SignedManifest.LONGEST);
    Buffer openApi = resource("/openapi.yaml");
    for (ApiRoute route : ApiRoute.values()) {
      Route at = router.routeWithRegex(route.method(), route.regex()).setName(route.template());
      at.handler(ctx -> metrics.route(ctx, route));
      switch (route) {
        case RELEASES -> at.handler(catalog::list);
        case RELEASE_COMPARISON -> at.handler(catalog::compare);
        case ALIASES -> at.handler(aliases::list);
        case ALIAS -> at.handler(aliases::get);
        case ALIAS_SET -> at.handler(operatorsOnly).handler(small::handle).handler(aliases::put);
        case ALIAS_REMOVE -> at.handler(operatorsOnly).handler(aliases::delete);
        case RELEASE_PUBLISH ->
            // The token is checked before the body is read; a BodyHandler as such must come first.
            at.handler(operatorsOnly).handler(envelope::handle).handler(releases::publish);
        case RELEASE -> at.handler(releases::get);
        case RELEASE_STATUS ->
            at.handler(operatorsOnly).handler(small::handle).handler(releases::status);
        case RELEASE_MANIFEST -> at.handler(releases::manifest);
        case TRUST_FILE -> at.handler(trust::get);
        case TRUST_SUBMIT ->
            at.handler(operatorsOnly).handler(envelope::handle).handler(trust::put);
        case COLLECT_GARBAGE -> at.handler(operatorsOnly).handler(garbage::collect);
        case OPENAPI ->
            at.handler(
                ctx ->
                    ctx.response()
                        .putHeader(HttpHeaders.CONTENT_TYPE, "application/yaml")
                        .end(openApi));
      }
    }
  }

  /** Which release of a name is made of a blob. */
  private static PublishedContent published(RegistryLedger ledger) {
    return (name, digest) ->
        ledger.state().catalog().all().stream()
            .filter(release -> release.ref().name().equals(name.value()))
            .filter(
                release ->
                    Arrays.stream(ReleaseFile.values())
                        .anyMatch(file -> file.in(release.manifest()).digest().equals(digest)))
            .map(release -> release.ref().toString())
            .findFirst();
  }

  private static Buffer resource(String name) {
    try (InputStream in = RegistryRouter.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException(name + " is missing in the build");
      }
      return Buffer.buffer(in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
