package dev.earshot.registry.http;

import dev.earshot.registry.blob.BlobStore;
import dev.earshot.registry.oci.OciException;
import dev.earshot.registry.oci.OciException.Code;
import dev.earshot.registry.oci.OciManifest;
import dev.earshot.registry.oci.PublishedContent;
import dev.earshot.registry.oci.RepositoryBlobs;
import dev.earshot.registry.oci.RepositoryManifests;
import dev.earshot.service.HttpEdge;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;

/** Everything below {@code /v2}: the OCI Distribution Specification 1.1, end-1 to end-14. */
final class OciRoutes {
  private final BlobHandlers blobs;
  private final UploadHandlers uploads;
  private final ManifestHandlers manifests;
  private final ListHandlers lists;

  private OciRoutes(
      BlobHandlers blobs, UploadHandlers uploads, ManifestHandlers manifests, ListHandlers lists) {
    this.blobs = blobs;
    this.uploads = uploads;
    this.manifests = manifests;
    this.lists = lists;
  }

  static OciRoutes over(
      Vertx vertx, BlobStore store, PublishedContent published, RegistryMetrics metrics) {
    RepositoryBlobs blobs = new RepositoryBlobs(store, published);
    RepositoryManifests manifests = new RepositoryManifests(store, blobs);
    return new OciRoutes(
        new BlobHandlers(vertx, store, blobs),
        new UploadHandlers(vertx, store, blobs, metrics),
        new ManifestHandlers(vertx, manifests),
        new ListHandlers(vertx, manifests));
  }

  /** Errors in OCI's form for all that lies below, also for what is no end point. */
  static void edge(Router router) {
    router
        .route("/v2/*")
        .order(-1)
        .handler(
            ctx -> {
              ctx.response().putHeader("Docker-Distribution-API-Version", "registry/2.0");
              ctx.next();
            })
        .failureHandler(OciRoutes::tell);
    router
        .route("/v2/*")
        .last()
        .handler(
            ctx -> {
              boolean known = OciRoute.isPath(ctx.normalizedPath());
              throw new OciException(
                  Code.UNSUPPORTED,
                  known ? 405 : 404,
                  ctx.request().method() + (known ? ": not for this path" : ": no such end point"));
            });
  }

  /** Puts every end point in. Writing needs the operator's token, reading does not. */
  void mount(Router router, RegistryMetrics metrics, OciTokens tokens) {
    for (OciRoute route : OciRoute.values()) {
      Route at = router.routeWithRegex(route.method(), route.regex()).setName(route.template());
      at.handler(ctx -> metrics.route(ctx, route));
      if (route.writes()) {
        at.handler(tokens::require);
      }
      switch (route) {
        case API_VERSION -> at.handler(tokens::requireToLogIn).handler(blobs::version);
        case BLOB_HEAD, BLOB -> at.handler(blobs::get);
        case BLOB_DELETE -> at.handler(blobs::delete);
        case UPLOAD_BEGIN -> at.handler(uploads::begin);
        case UPLOAD -> at.handler(uploads::status);
        case UPLOAD_APPEND -> at.handler(uploads::append);
        case UPLOAD_FINISH -> at.handler(uploads::finish);
        case UPLOAD_CANCEL -> at.handler(uploads::cancel);
        case MANIFEST_HEAD, MANIFEST -> at.handler(manifests::get);
        case MANIFEST_PUT -> {
          // The token is checked before the body is read; a BodyHandler as such must come first.
          BodyHandler body = BodyHandler.create(false).setBodyLimit(OciManifest.LONGEST);
          at.handler(body::handle).handler(manifests::put);
        }
        case MANIFEST_DELETE -> at.handler(manifests::delete);
        case TAGS -> at.handler(lists::tags);
        case REFERRERS -> at.handler(lists::referrers);
      }
    }
  }

  /** OCI clients read OCI's error format only. */
  private static void tell(RoutingContext ctx) {
    if (ctx.response().ended() || ctx.response().headWritten()) {
      ctx.next();
    } else if (ctx.failure() instanceof OciException told) {
      HttpEdge.json(ctx, told.status(), told.body());
    } else if (ctx.statusCode() == 413) {
      // From the BodyHandler, which only manifests have.
      OciException told =
          new OciException(
              Code.MANIFEST_INVALID,
              413,
              "manifest: more than %,d bytes (expected: at most that)"
                  .formatted(OciManifest.LONGEST));
      HttpEdge.json(ctx, told.status(), told.body());
    } else {
      ctx.next();
    }
  }
}
