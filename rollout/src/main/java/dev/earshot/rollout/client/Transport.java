package dev.earshot.rollout.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.earshot.protocol.problem.Problem;
import dev.earshot.protocol.problem.ProblemException;
import dev.earshot.protocol.problem.ProblemType;
import dev.earshot.rollout.client.RolloutClient.Event;
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
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Requests, pages, streams and problems, whatever they are about. Thread-safe. */
final class Transport {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int MOST_TRIES = 20;
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern NEXT = Pattern.compile("<([^>]+)>\\s*;\\s*rel=\"next\"");

  private final HttpClient http =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
  private final URI service;
  private final String token;

  Transport(URI service, String token) {
    this.service = service;
    this.token = token;
  }

  void close() {
    http.shutdownNow();
  }

  /** Hands server-sent events to the consumer until it returns false or the stream ends. */
  void stream(String path, String lastEventId, Predicate<Event> consumer)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(service + path))
            .header("Authorization", "Bearer " + token)
            .header("Accept", "text/event-stream")
            .GET();
    if (!lastEventId.isEmpty()) {
      request.header("Last-Event-ID", lastEventId);
    }
    HttpResponse<Stream<String>> response = http.send(request.build(), BodyHandlers.ofLines());
    try (Stream<String> lines = response.body()) {
      if (response.statusCode() != 200) {
        throw problem(response.statusCode(), String.join("\n", lines.toList()));
      }
      String kind = "message";
      String id = "";
      for (Iterator<String> each = lines.iterator(); each.hasNext(); ) {
        String line = each.next();
        if (line.startsWith("event: ")) {
          kind = line.substring("event: ".length());
          id = "";
        } else if (line.startsWith("id: ")) {
          id = line.substring("id: ".length());
        } else if (line.startsWith("data: ")) {
          JsonNode data = JSON.readTree(line.substring("data: ".length()));
          if (!consumer.test(new Event(kind, id, data))) {
            return;
          }
        }
      }
    }
  }

  HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(service + path))
        .timeout(PATIENCE)
        .header("Authorization", "Bearer " + token)
        .header("Accept", "application/json");
  }

  static HttpRequest.Builder keyed(HttpRequest.Builder request, @Nullable String key) {
    return key == null ? request : request.header("Idempotency-Key", key);
  }

  /** The elements of all pages of a list. */
  List<JsonNode> pages(String first, String field) throws IOException, InterruptedException {
    List<JsonNode> elements = new ArrayList<>();
    String path = first;
    while (!path.isEmpty()) {
      HttpResponse<String> response = answer(request(path).GET().build());
      JSON.readTree(response.body()).path(field).forEach(elements::add);
      Matcher next = NEXT.matcher(response.headers().firstValue("Link").orElse(""));
      path = next.find() ? next.group(1) : "";
    }
    return elements;
  }

  ObjectNode send(HttpRequest request) throws IOException, InterruptedException {
    if (JSON.readTree(answer(request).body()) instanceof ObjectNode document) {
      return document;
    }
    throw new IOException(request.uri() + " did not answer with a JSON object");
  }

  private HttpResponse<String> answer(HttpRequest request)
      throws IOException, InterruptedException {
    HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
    for (int tries = 1; tries < MOST_TRIES && comesBack(response); tries++) {
      TimeUnit.SECONDS.sleep(1);
      response = http.send(request, BodyHandlers.ofString());
    }
    if (response.statusCode() / 100 != 2) {
      throw problem(response.statusCode(), response.body());
    }
    return response;
  }

  /** A service that is still starting has not looked at the request, and says when it will. */
  private static boolean comesBack(HttpResponse<String> response) {
    return response.statusCode() == 503
        && response.headers().firstValue("Retry-After").filter("1"::equals).isPresent();
  }

  private static ProblemException problem(int status, String body) {
    try {
      JsonNode node = JSON.readTree(body);
      if (node != null && node.hasNonNull("type")) {
        return new ProblemException(JSON.treeToValue(node, Problem.class));
      }
    } catch (JsonProcessingException e) {
      // Not from the service itself: said below.
    }
    return new ProblemException(
        ProblemType.INTERNAL, "the rollout service answered " + status + ": " + body);
  }
}
