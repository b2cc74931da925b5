package dev.earshot.registry.http;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.earshot.protocol.Digest;
import dev.earshot.registry.oci.Descriptor;
import dev.earshot.registry.oci.OciException;
import dev.earshot.registry.oci.OciException.Code;
import dev.earshot.registry.oci.Reference;
import dev.earshot.registry.oci.RepositoryManifests;
import dev.earshot.registry.oci.RepositoryName;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Lists: tags (end-8), referrers (end-12). */
final class ListHandlers {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String INDEX = "application/vnd.oci.image.index.v1+json";

  /** Referrers of one answer at most. */
  private static final int PAGE = 1000;

  private final Vertx vertx;
  private final RepositoryManifests manifests;

  ListHandlers(Vertx vertx, RepositoryManifests manifests) {
    this.vertx = vertx;
    this.manifests = manifests;
  }

  /**
   * An answer's body.
   *
   * @param next where it goes on; empty at the end
   */
  private record Page(byte[] json, String next) {}

  /** The specification's form. */
  private record Tags(String name, List<String> tags) {}

  /** An image index. */
  private record Index(int schemaVersion, String mediaType, List<Descriptor> manifests) {}

  /** GET tags, all or {@code n} behind {@code last}. */
  void tags(RoutingContext ctx) {
    RepositoryName name = OciRequest.name(ctx);
    Optional<Integer> count = OciRequest.count(ctx);
    String last = ctx.request().getParam("last");
    vertx
        .executeBlocking(() -> tags(name, count, last), false)
        .onSuccess(page -> answer(ctx, "application/json", page))
        .onFailure(ctx::fail);
  }

  private Page tags(RepositoryName name, Optional<Integer> count, @Nullable String last)
      throws IOException {
    List<String> all = last == null ? manifests.tags(name) : manifests.tagsAfter(name, last);
    if (all.isEmpty() && !manifests.exists(name)) {
      throw new OciException(Code.NAME_UNKNOWN, "repository " + name + " is not here");
    }
    int shown = Math.min(all.size(), count.orElse(Integer.MAX_VALUE));
    List<String> page = all.subList(0, shown);
    String next =
        shown == 0 || shown == all.size()
            ? ""
            : "/v2/" + name + "/tags/list?n=" + shown + "&last=" + page.getLast();
    return new Page(JSON.writeValueAsBytes(new Tags(name.value(), page)), next);
  }

  /** GET what refers to a digest, all or of one type. There may be nothing: that is no error. */
  void referrers(RoutingContext ctx) {
    RepositoryName name = OciRequest.name(ctx);
    Digest subject = OciRequest.digest(ctx);
    String type = ctx.request().getParam("artifactType");
    Optional<Digest> after =
        Optional.ofNullable(ctx.request().getParam("last")).map(Reference::digest);
    if (type != null) {
      ctx.response().putHeader("OCI-Filters-Applied", "artifactType");
    }
    vertx
        .executeBlocking(() -> referrers(name, subject, type, after), false)
        .onSuccess(page -> answer(ctx, INDEX, page))
        .onFailure(ctx::fail);
  }

  private Page referrers(
      RepositoryName name, Digest subject, @Nullable String type, Optional<Digest> after)
      throws IOException {
    List<Descriptor> all =
        manifests.referrers(name, subject, after).stream()
            .filter(found -> type == null || type.equals(found.artifactType()))
            .toList();
    List<Descriptor> page = all.subList(0, Math.min(all.size(), PAGE));
    String next =
        page.size() == all.size()
            ? ""
            : "/v2/%s/referrers/%s?last=%s%s"
                .formatted(
                    name,
                    subject,
                    page.getLast().digest(),
                    type == null
                        ? ""
                        : "&artifactType=" + URLEncoder.encode(type, StandardCharsets.UTF_8));
    return new Page(JSON.writeValueAsBytes(new Index(2, INDEX, page)), next);
  }

  private static void answer(RoutingContext ctx, String mediaType, Page page) {
    if (!page.next().isEmpty()) {
      ctx.response().putHeader("Link", "<" + page.next() + ">; rel=\"next\"");
    }
    ctx.response()
        .putHeader(HttpHeaders.CONTENT_TYPE, mediaType)
        .putHeader(HttpHeaders.CACHE_CONTROL, OciRequest.ASK_AGAIN)
        .end(Buffer.buffer(page.json()));
  }
}
