package dev.earshot.rollout.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** A document that comes with the service. */
enum Resource {
  /** The committed description of the interface. */
  OPENAPI("/dev/earshot/rollout/openapi.yaml", "application/yaml"),
  /** What a plan may say, for editors and pipelines. */
  PLAN_SCHEMA("/dev/earshot/rollout/plan/plan.schema.json", "application/schema+json");

  private final String path;
  private final String mediaType;

  Resource(String path, String mediaType) {
    this.path = path;
    this.mediaType = mediaType;
  }

  void send(RoutingContext ctx) {
    Answers.resource(ctx, mediaType, content());
  }

  Buffer content() {
    try (InputStream in = Resource.class.getResourceAsStream(path)) {
      if (in == null) {
        throw new IllegalStateException(path + " is not in the jar");
      }
      return Buffer.buffer(in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
