package dev.earshot.registry.http;

import io.vertx.core.http.HttpMethod;
import java.util.regex.Pattern;

/**
 * Every route of the registry's own interface; OCI's are {@link OciRoute}. The OpenAPI document has
 * exactly these and those (a test says so), and metrics are labelled with them.
 */
public enum ApiRoute {
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
   * The path as a regular expression with named groups. What a name or version may really be is
   * checked by the handlers, which can say what is wrong.
   */
  String regex() {
    return PARAMETER.matcher(template.replace(".", "\\.")).replaceAll("(?<$1>[^/]+)");
  }
}
