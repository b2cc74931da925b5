package dev.earshot.registry.http;

import static dev.earshot.registry.http.OciRequest.ASK_AGAIN;
import static dev.earshot.registry.http.OciRequest.CONTENT_DIGEST;
import static dev.earshot.registry.http.OciRequest.FOR_EVER;

import dev.earshot.registry.oci.OciException;
import dev.earshot.registry.oci.OciException.Code;
import dev.earshot.registry.oci.OciManifest;
import dev.earshot.registry.oci.Reference;
import dev.earshot.registry.oci.RepositoryManifests;
import dev.earshot.registry.oci.RepositoryName;
import dev.earshot.registry.oci.StoredManifest;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;

/** Manifests: pull (end-3), push (end-7), delete by tag or digest (end-9). */
final class ManifestHandlers {
  private final Vertx vertx;
  private final RepositoryManifests manifests;

  ManifestHandlers(Vertx vertx, RepositoryManifests manifests) {
    this.vertx = vertx;
    this.manifests = manifests;
  }

  /** A manifest, and its bytes unless only its headers are wanted. */
  private record Found(StoredManifest manifest, byte[] bytes) {}

  /** GET and HEAD. The type that is stored is what is sent, whatever the client would accept. */
  void get(RoutingContext ctx) {
    RepositoryName name = OciRequest.name(ctx);
    Reference reference = known(ctx);
    boolean head = OciRequest.isHead(ctx);
    vertx
        .executeBlocking(() -> find(name, reference, head), false)
        .onSuccess(found -> answer(ctx, reference, found))
        .onFailure(ctx::fail);
  }

  private Found find(RepositoryName name, Reference reference, boolean head) throws IOException {
    StoredManifest manifest =
        manifests.find(name, reference).orElseThrow(() -> unknown(name, reference));
    return new Found(manifest, head ? new byte[0] : manifests.read(manifest));
  }

  private static void answer(RoutingContext ctx, Reference reference, Found found) {
    StoredManifest manifest = found.manifest();
    String caching =
        switch (reference) {
          case Reference.Tag ignored -> ASK_AGAIN;
          case Reference.ByDigest ignored -> FOR_EVER;
        };
    if (OciRequest.answeredNotModified(ctx, manifest.digest(), caching)) {
      return;
    }
    HttpServerResponse response =
        ctx.response().putHeader(HttpHeaders.CONTENT_TYPE, manifest.mediaType());
    if (OciRequest.isHead(ctx)) {
      response
          .putHeader(HttpHeaders.CONTENT_LENGTH, Long.toString(manifest.content().length()))
          .end();
    } else {
      response.end(Buffer.buffer(found.bytes()));
    }
  }

  /** PUT. */
  void put(RoutingContext ctx) {
    RepositoryName name = OciRequest.name(ctx);
    Reference reference = given(ctx);
    String contentType = ctx.request().getHeader(HttpHeaders.CONTENT_TYPE);
    byte[] bytes = JsonBody.bytes(ctx);
    vertx
        .executeBlocking(
            () -> {
              OciManifest manifest = OciManifest.parse(contentType, bytes);
              manifests.put(name, reference, manifest);
              return manifest;
            },
            false)
        .onSuccess(manifest -> created(ctx, name, manifest))
        .onFailure(ctx::fail);
  }

  private static void created(RoutingContext ctx, RepositoryName name, OciManifest manifest) {
    HttpServerResponse response =
        ctx.response()
            .setStatusCode(201)
            .putHeader(HttpHeaders.LOCATION, "/v2/" + name + "/manifests/" + manifest.digest())
            .putHeader(CONTENT_DIGEST, manifest.digest().toString());
    manifest.subject().ifPresent(subject -> response.putHeader("OCI-Subject", subject.toString()));
    response.end();
  }

  /** DELETE. */
  void delete(RoutingContext ctx) {
    RepositoryName name = OciRequest.name(ctx);
    Reference reference = known(ctx);
    vertx
        .executeBlocking(
            () ->
                switch (reference) {
                  case Reference.Tag tag -> manifests.delete(name, tag);
                  case Reference.ByDigest content -> manifests.delete(name, content.digest());
                },
            false)
        .onSuccess(
            deleted -> {
              if (deleted) {
                ctx.response().setStatusCode(202).end();
              } else {
                ctx.fail(unknown(name, reference));
              }
            })
        .onFailure(ctx::fail);
  }

  /** What can't be a tag was never one. */
  private static Reference known(RoutingContext ctx) {
    try {
      return Reference.parse(String.valueOf(ctx.pathParam("reference")));
    } catch (IllegalArgumentException e) {
      throw new OciException(Code.MANIFEST_UNKNOWN, String.valueOf(e.getMessage()));
    }
  }

  private static Reference given(RoutingContext ctx) {
    try {
      return Reference.parse(String.valueOf(ctx.pathParam("reference")));
    } catch (IllegalArgumentException e) {
      throw new OciException(Code.MANIFEST_INVALID, String.valueOf(e.getMessage()));
    }
  }

  private static OciException unknown(RepositoryName name, Reference reference) {
    return new OciException(
        Code.MANIFEST_UNKNOWN, "manifest " + reference + " is not in repository " + name);
  }
}
