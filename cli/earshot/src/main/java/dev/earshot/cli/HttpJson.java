package dev.earshot.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.earshot.protocol.problem.Problem;
import dev.earshot.protocol.problem.ProblemException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads JSON over HTTP with the operator's token; a service's problem becomes a {@link
 * ProblemException}.
 */
public final class HttpJson {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern NEXT = Pattern.compile("<([^>]+)>\\s*;\\s*rel=\"next\"");
  private static final Duration TIMEOUT = Duration.ofSeconds(20);

  private final HttpClient client = HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
  private final String token;

  public HttpJson(String token) {
    this.token = token;
  }

  /** A page and where the next one is. */
  public record Page(JsonNode body, Optional<URI> next) {}

  /** Gets a resource. */
  public Page get(URI uri) {
    HttpRequest request =
        HttpRequest.newBuilder(uri)
            .timeout(TIMEOUT)
            .header("Authorization", "Bearer " + token)
            .header("Accept", "application/json")
            .build();
    try {
      HttpResponse<byte[]> response = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
      if (response.statusCode() != 200) {
        throw problem(uri, response);
      }
      Optional<URI> next =
          response
              .headers()
              .firstValue("Link")
              .map(NEXT::matcher)
              .filter(Matcher::find)
              .map(match -> uri.resolve(match.group(1)));
      return new Page(JSON.readTree(response.body()), next);
    } catch (ConnectException e) {
      throw new UserError(
          "nobody listens at " + uri.resolve("/") + ". Is it running (`earshot up`)?", e);
    } catch (IOException e) {
      throw new UserError(uri + ": " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UserError("interrupted", e);
    }
  }

  private static RuntimeException problem(URI uri, HttpResponse<byte[]> response) {
    try {
      return new ProblemException(JSON.readValue(response.body(), Problem.class));
    } catch (IOException e) {
      return new UserError(uri + " answered " + response.statusCode(), e);
    }
  }
}
