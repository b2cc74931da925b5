package dev.earshot.rollout.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.earshot.protocol.problem.Problem;
import dev.earshot.protocol.problem.Problem.FieldError;
import dev.earshot.protocol.problem.ProblemException;
import dev.earshot.protocol.problem.ProblemType;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Calls a rollout service. Blocks; thread-safe. What the service refuses is thrown as {@link
 * ProblemException}, with the fields that are wrong; that it can't be reached, as {@link
 * IOException}. Documents are as described in the service's {@code /openapi.yaml}.
 */
public final class RolloutClient implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient http =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
  private final URI service;
  private final String token;

  /**
   * A client.
   *
   * @param service base URL without a trailing slash
   * @param token the operators' bearer token
   */
  public RolloutClient(URI service, String token) {
    this.service = service;
    this.token = token;
  }

  /** What can be done to a rollout. */
  public enum Action {
    START,
    PAUSE,
    RESUME,
    PROMOTE,
    ABORT
  }

  /**
   * One server-sent event.
   *
   * @param kind the audit trail's word, or {@code progress} with the whole rollout as data
   */
  public record Event(String kind, JsonNode data) {}

  /**
   * Creates a rollout.
   *
   * @param plan YAML or JSON; may say {@code start: true}
   * @param idempotencyKey the same key creates the same rollout once; null: a new one each time
   */
  public ObjectNode create(String plan, @Nullable String idempotencyKey)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        request("/v1/rollouts")
            .header("Content-Type", "application/yaml")
            .POST(HttpRequest.BodyPublishers.ofString(plan));
    if (idempotencyKey != null) {
      request.header("Idempotency-Key", idempotencyKey);
    }
    return send(request.build());
  }

  /** All rollouts, the newest first, without gates and plans. */
  public List<JsonNode> list() throws IOException, InterruptedException {
    return elements(send(request("/v1/rollouts").GET().build()), "rollouts");
  }

  /** One rollout with its stages and gates. */
  public ObjectNode get(String id) throws IOException, InterruptedException {
    return send(request("/v1/rollouts/" + id).GET().build());
  }

  /** Its audit trail, oldest first. */
  public List<JsonNode> events(String id) throws IOException, InterruptedException {
    return elements(send(request("/v1/rollouts/" + id + "/events").GET().build()), "events");
  }

  /**
   * Acts on a rollout.
   *
   * @param revision of the rollout that the decision was made on; refused when it has changed
   * @param reason for the audit trail; may be empty
   * @param keep for an abort: devices keep the release instead of going back
   */
  public ObjectNode act(String id, Action action, long revision, String reason, boolean keep)
      throws IOException, InterruptedException {
    ObjectNode body = JSON.createObjectNode().put("reason", reason).put("keep", keep);
    return send(
        request("/v1/rollouts/" + id + "/" + action.name().toLowerCase(Locale.ROOT))
            .header("Content-Type", "application/json")
            .header("If-Match", "\"" + revision + "\"")
            .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
            .build());
  }

  /**
   * Follows a rollout from its beginning, on the calling thread, until the consumer returns false,
   * the service ends the stream, or the thread is interrupted.
   */
  public void follow(String id, Predicate<Event> consumer)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(service + "/v1/rollouts/" + id + "/events"))
            .header("Authorization", "Bearer " + token)
            .header("Accept", "text/event-stream")
            .GET()
            .build();
    HttpResponse<Stream<String>> response = http.send(request, BodyHandlers.ofLines());
    try (Stream<String> lines = response.body()) {
      if (response.statusCode() != 200) {
        throw problem(response.statusCode(), String.join("\n", lines.toList()));
      }
      String kind = "message";
      for (Iterator<String> each = lines.iterator(); each.hasNext(); ) {
        String line = each.next();
        if (line.startsWith("event: ")) {
          kind = line.substring("event: ".length());
        } else if (line.startsWith("data: ")) {
          JsonNode data = JSON.readTree(line.substring("data: ".length()));
          if (!consumer.test(new Event(kind, data))) {
            return;
          }
        }
      }
    }
  }

  @Override
  public void close() {
    http.shutdownNow();
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(service + path))
        .timeout(PATIENCE)
        .header("Authorization", "Bearer " + token)
        .header("Accept", "application/json");
  }

  private ObjectNode send(HttpRequest request) throws IOException, InterruptedException {
    HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
    if (response.statusCode() / 100 != 2) {
      throw problem(response.statusCode(), response.body());
    }
    return (ObjectNode) JSON.readTree(response.body());
  }

  private static List<JsonNode> elements(ObjectNode document, String field) {
    List<JsonNode> elements = new ArrayList<>();
    ((ArrayNode) document.get(field)).forEach(elements::add);
    return elements;
  }

  private static ProblemException problem(int status, String body) {
    try {
      JsonNode node = JSON.readTree(body);
      if (node != null && node.hasNonNull("type")) {
        List<FieldError> errors = new ArrayList<>();
        node.path("errors")
            .forEach(
                error ->
                    errors.add(
                        new FieldError(
                            error.path("field").asText(), error.path("message").asText())));
        return new ProblemException(
            new Problem(
                node.path("type").asText(),
                node.path("title").asText(),
                status,
                node.path("detail").asText(),
                errors));
      }
    } catch (JsonProcessingException e) {
      // Not from the service itself: said below.
    }
    return new ProblemException(
        ProblemType.INTERNAL, "the rollout service answered " + status + ": " + body);
  }
}
