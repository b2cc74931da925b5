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
  RELEASE_COMPARISON(HttpMethod.GET, "/v1/releases/compare"),
  // Before what has a version where these say "aliases".
  ALIASES(HttpMethod.GET, "/v1/releases/{name}/aliases"),
  ALIAS(HttpMethod.GET, "/v1/releases/{name}/aliases/{alias}"),
  ALIAS_SET(HttpMethod.PUT, "/v1/releases/{name}/aliases/{alias}"),
  ALIAS_REMOVE(HttpMethod.DELETE, "/v1/releases/{name}/aliases/{alias}"),
  RELEASE(HttpMethod.GET, "/v1/releases/{name}/{version}"),
  RELEASE_STATUS(HttpMethod.PATCH, "/v1/releases/{name}/{version}"),
  RELEASE_MANIFEST(HttpMethod.GET, "/v1/releases/{name}/{version}/manifest"),
  TRUST_FILE(HttpMethod.GET, "/v1/trust/{side}/{file}"),
  TRUST_SUBMIT(HttpMethod.PUT, "/v1/trust/{side}/{file}"),
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
