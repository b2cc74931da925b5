package dev.earshot.registry.http;

import io.vertx.core.http.HttpMethod;
import java.util.Arrays;
import java.util.regex.Pattern;

/** The end points of the OCI Distribution Specification 1.1, by its numbers. */
public enum OciRoute {
  /** end-1. */
  API_VERSION(HttpMethod.GET, "/v2/"),
  /** end-2. */
  BLOB_HEAD(HttpMethod.HEAD, "/v2/{name}/blobs/{digest}"),
  /** end-2. */
  BLOB(HttpMethod.GET, "/v2/{name}/blobs/{digest}"),
  /** end-3. */
  MANIFEST_HEAD(HttpMethod.HEAD, "/v2/{name}/manifests/{reference}"),
  /** end-3. */
  MANIFEST(HttpMethod.GET, "/v2/{name}/manifests/{reference}"),
  /** end-4a, end-4b, end-11. */
  UPLOAD_BEGIN(HttpMethod.POST, "/v2/{name}/blobs/uploads/"),
  /** end-5. */
  UPLOAD_APPEND(HttpMethod.PATCH, "/v2/{name}/blobs/uploads/{reference}"),
  /** end-6. */
  UPLOAD_FINISH(HttpMethod.PUT, "/v2/{name}/blobs/uploads/{reference}"),
  /** end-7. */
  MANIFEST_PUT(HttpMethod.PUT, "/v2/{name}/manifests/{reference}"),
  /** end-8a, end-8b. */
  TAGS(HttpMethod.GET, "/v2/{name}/tags/list"),
  /** end-9. */
  MANIFEST_DELETE(HttpMethod.DELETE, "/v2/{name}/manifests/{reference}"),
  /** end-10. */
  BLOB_DELETE(HttpMethod.DELETE, "/v2/{name}/blobs/{digest}"),
  /** end-12a, end-12b. */
  REFERRERS(HttpMethod.GET, "/v2/{name}/referrers/{digest}"),
  /** end-13. */
  UPLOAD(HttpMethod.GET, "/v2/{name}/blobs/uploads/{reference}"),
  /** end-14. */
  UPLOAD_CANCEL(HttpMethod.DELETE, "/v2/{name}/blobs/uploads/{reference}");

  private static final Pattern PARAMETER = Pattern.compile("\\{(\\w+)}");

  private final HttpMethod method;
  private final String template;

  OciRoute(HttpMethod method, String template) {
    this.method = method;
    this.template = template;
  }

  public HttpMethod method() {
    return method;
  }

  /** The path as OpenAPI writes it. */
  public String template() {
    return template;
  }

  /** As metrics call it. */
  String label() {
    return method + " " + template;
  }

  /** Whether it is part of writing, which needs the operator's token. */
  boolean writes() {
    return switch (this) {
      case API_VERSION, BLOB_HEAD, BLOB, MANIFEST_HEAD, MANIFEST, TAGS, REFERRERS -> false;
      case UPLOAD_BEGIN,
          UPLOAD_APPEND,
          UPLOAD_FINISH,
          MANIFEST_PUT,
          MANIFEST_DELETE,
          BLOB_DELETE,
          UPLOAD,
          UPLOAD_CANCEL ->
          true;
    };
  }

  /** Whether the path is an end point's, for whatever method. */
  static boolean isPath(String path) {
    return Arrays.stream(values()).anyMatch(route -> path.matches(route.regex()));
  }

  /**
   * The path as a regular expression with named groups. A name may have several parts; what a name
   * or digest may really be is checked by the handlers, which can say what is wrong. A slash at the
   * end is optional.
   */
  String regex() {
    String pattern =
        PARAMETER.matcher(template.replace("{name}", "(?<name>.+)")).replaceAll("(?<$1>[^/]+)");
    return pattern.endsWith("/") ? pattern + "?" : pattern;
  }
}
