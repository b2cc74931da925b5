package dev.earshot.registry.http;

import io.vertx.core.http.HttpMethod;
import java.util.regex.Pattern;

/**
 * Every route of the registry's own interface. The OpenAPI document has exactly these (a test says
 * so), and metrics are labelled with them.
 */
public enum ApiRoute {
  API_VERSION(HttpMethod.GET, "/v2/"),
  BLOB_HEAD(HttpMethod.HEAD, "/v2/{name}/blobs/{digest}"),
  BLOB(HttpMethod.GET, "/v2/{name}/blobs/{digest}"),
  BLOB_UPLOAD(HttpMethod.POST, "/v2/{name}/blobs/uploads/"),
  RELEASES(HttpMethod.GET, "/v1/releases"),
  RELEASE_PUBLISH(HttpMethod.POST, "/v1/releases"),
  RELEASE(HttpMethod.GET, "/v1/releases/{name}/{version}"),
  RELEASE_MANIFEST(HttpMethod.GET, "/v1/releases/{name}/{version}/manifest"),
  COLLECT_GARBAGE(HttpMethod.POST, "/v1/gc"),
  OPENAPI(HttpMethod.GET, "/openapi.yaml");

  private static final Pattern PARAMETER = Pattern.compile("\\{(\\w+)}");

  private final HttpMethod method;
  private final String template;

  ApiRoute(HttpMethod method, String template) {
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

  /**
   * The path as a regular expression with named groups. Below {@code /v2} a name may have several
   * parts, as OCI's may; what a name or digest may really be is checked by the handlers, which can
   * say what is wrong.
   */
  String regex() {
    String name = template.startsWith("/v2/") ? ".+" : "[^/]+";
    String pattern =
        PARAMETER
            .matcher(template.replace(".", "\\."))
            .replaceAll(
                match ->
                    "(?<"
                        + match.group(1)
                        + ">"
                        + (match.group(1).equals("name") ? name : "[^/]+")
                        + ")");
    return pattern.endsWith("/") ? pattern + "?" : pattern;
  }
}
