package dev.earshot.registry.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.earshot.protocol.problem.Problem;
import dev.earshot.protocol.problem.ProblemException;
import dev.earshot.protocol.problem.ProblemType;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Requests to a registry; its problems become exceptions. Blocks. Thread-safe. */
final class RegistryHttp implements AutoCloseable {
  private static final ObjectMapper JSON =
      new ObjectMapper().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration ANSWER = Duration.ofSeconds(60);
  static final int OK = 200;
  static final int CREATED = 201;
  static final int NO_CONTENT = 204;
  static final int NOT_FOUND = 404;
  private static final Set<Integer> DONE = Set.of(OK, CREATED, NO_CONTENT);

  private final URI registry;
  private final String token;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(CONNECT).build();

  RegistryHttp(URI registry, String token) {
    String text = registry.toString();
    this.registry =
        text.endsWith("/") ? URI.create(text.substring(0, text.length() - 1)) : registry;
    this.token = token;
  }

  /** Where it is, without a slash at the end. */
  URI registry() {
    return registry;
  }

  @Override
  public void close() {
    http.close();
  }

  static byte[] json(Object value) {
    try {
      return JSON.writeValueAsBytes(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("what is sent is always JSON", e);
    }
  }

  /** A request to be finished. */
  HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(registry + path)).timeout(ANSWER);
  }

  /** The same with the operator's token. */
  HttpRequest.Builder authorized(String path) {
    return request(path).header("Authorization", "Bearer " + token);
  }

  /** Sends it and returns whatever comes back. */
  HttpResponse<byte[]> send(HttpRequest.Builder request) {
    try {
      return http.send(request.build(), BodyHandlers.ofByteArray());
    } catch (IOException e) {
      String why = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
      throw new ProblemException(
          ProblemType.UNAVAILABLE,
          "registry " + registry + " can't be reached: " + why + " (is it running?)");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ProblemException(ProblemType.UNAVAILABLE, "interrupted while asking " + registry);
    }
  }

  /**
   * The answer to a request that was to succeed.
   *
   * @throws ProblemException when it did not
   */
  static HttpResponse<byte[]> expect(HttpResponse<byte[]> answer) {
    if (!DONE.contains(answer.statusCode())) {
      throw new ProblemException(problem(answer));
    }
    return answer;
  }

  /** The JSON of an answer. */
  <T> T parse(HttpResponse<byte[]> answer, Class<T> type) {
    try {
      return JSON.readValue(answer.body(), type);
    } catch (IOException e) {
      throw new ProblemException(
          ProblemType.INTERNAL, registry + " answered something else than a registry would");
    }
  }

  /** The registry's problem, or one made from OCI's error format or from whatever came. */
  private static Problem problem(HttpResponse<byte[]> answer) {
    int status = answer.statusCode();
    JsonNode body = json(answer.body());
    if (body != null && body.path("type").isTextual()) {
      List<Problem.FieldError> errors = new ArrayList<>();
      for (JsonNode error : body.path("errors")) {
        errors.add(
            new Problem.FieldError(error.path("field").asText(), error.path("message").asText()));
      }
      return new Problem(
          body.path("type").asText(),
          body.path("title").asText(),
          status,
          body.path("detail").asText(),
          errors);
    }
    ProblemType type = type(status);
    JsonNode first = body == null ? null : body.path("errors").path(0);
    String detail =
        first == null || first.isMissingNode()
            ? "HTTP status " + status + ": " + new String(answer.body(), StandardCharsets.UTF_8)
            : first.path("code").asText() + ": " + first.path("message").asText();
    return new Problem(type.uri(), type.title(), status, detail, List.of());
  }

  private static ProblemType type(int status) {
    for (ProblemType type : ProblemType.values()) {
      if (type.status() == status) {
        return type;
      }
    }
    return status >= 500 ? ProblemType.INTERNAL : ProblemType.INVALID_REQUEST;
  }

  private static @Nullable JsonNode json(byte[] body) {
    try {
      JsonNode node = JSON.readTree(body);
      return node.isObject() ? node : null;
    } catch (IOException e) {
      return null;
    }
  }
}
