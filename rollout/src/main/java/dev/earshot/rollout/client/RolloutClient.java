package dev.earshot.rollout.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import dev.earshot.protocol.problem.ProblemException;
import dev.earshot.protocol.v1.StageSums;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Calls a rollout service. Blocks; thread-safe. What the service refuses is thrown as {@link
 * ProblemException}, with the fields that are wrong; that it can't be reached, as {@link
 * IOException}. Documents are as described in the service's {@code /openapi.yaml}.
 */
public final class RolloutClient implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String ROLLOUTS = "/v1/rollouts";

  private final Transport transport;

  /**
   * A client.
   *
   * @param service base URL without a trailing slash
   * @param token the operator's bearer token
   */
  public RolloutClient(URI service, String token) {
    this.transport = new Transport(service, token);
  }

  /** What can be done to a rollout. */
  public enum Action {
    START,
    APPROVE,
    PAUSE,
    RESUME,
    PROMOTE,
    ABORT
  }

  /**
   * One server-sent event.
   *
   * @param kind the audit trail's word, or {@code progress} with the rollout as data
   * @param id where to go on after it; empty for progress
   */
  public record Event(String kind, String id, JsonNode data) {}

  /** Who the token belongs to: name and roles. */
  public ObjectNode me() throws IOException, InterruptedException {
    return transport.send(transport.request("/v1/me").GET().build());
  }

  /**
   * Creates a rollout.
   *
   * @param plan YAML or JSON; may say {@code start: true}
   * @param idempotencyKey the same key creates the same rollout once; null: a new one each time
   */
  public ObjectNode create(String plan, @Nullable String idempotencyKey)
      throws IOException, InterruptedException {
    return postPlan(ROLLOUTS, plan, idempotencyKey);
  }

  /**
   * Sends a device back to a release, by hand.
   *
   * @param device {@code fleet/device}
   */
  public ObjectNode revertDevice(String device, String to, String reason)
      throws IOException, InterruptedException {
    ObjectNode body = JsonNodeFactory.instance.objectNode().put("to", to).put("reason", reason);
    return postPlan("/v1/devices/" + device + "/revert", body.toString(), null);
  }

  /** Sends a cohort back to a release, by hand. */
  public ObjectNode revertCohort(String cohort, String to, String reason)
      throws IOException, InterruptedException {
    ObjectNode body =
        JsonNodeFactory.instance
            .objectNode()
            .put("to", to)
            .put("reason", reason)
            .put("cohort", cohort);
    return postPlan("/v1/reverts", body.toString(), null);
  }

  /** The plan with every default written out. */
  public ObjectNode validate(String plan) throws IOException, InterruptedException {
    return postPlan("/v1/plans/validate", plan, null);
  }

  /** The dry run: whom the plan would reach, when, and what its stages could see. */
  public ObjectNode preview(String plan) throws IOException, InterruptedException {
    return postPlan("/v1/plans/preview", plan, null);
  }

  /** The JSON Schema of plans. */
  public ObjectNode planSchema() throws IOException, InterruptedException {
    return transport.send(transport.request("/v1/plan.schema.json").GET().build());
  }

  /** All rollouts, the newest first, without gates and plans. */
  public List<JsonNode> list() throws IOException, InterruptedException {
    return list(null);
  }

  /**
   * All rollouts, the newest first.
   *
   * @param state only those in that state; null: all
   */
  public List<JsonNode> list(@Nullable String state) throws IOException, InterruptedException {
    return transport.pages(
        ROLLOUTS + query(state == null ? Map.of() : Map.of("state", state)), "rollouts");
  }

  /** One rollout with its stages and gates. */
  public ObjectNode get(String id) throws IOException, InterruptedException {
    return transport.send(transport.request(rollout(id)).GET().build());
  }

  /** Its audit trail, oldest first. */
  public List<JsonNode> events(String id) throws IOException, InterruptedException {
    return transport.pages(rollout(id) + "/events?limit=1000", "events");
  }

  /**
   * The sums behind a decision.
   *
   * @param event an entry of an audit trail
   * @return one for each stage, finished ones first; empty when the entry is no decision
   * @throws IOException when this version can't read them
   */
  public static List<StageSums> sums(JsonNode event) throws IOException {
    List<StageSums> stages = new ArrayList<>();
    for (JsonNode stage : event.path("sums")) {
      StageSums.Builder sums = StageSums.newBuilder();
      try {
        JsonFormat.parser().ignoringUnknownFields().merge(stage.toString(), sums);
      } catch (InvalidProtocolBufferException e) {
        throw new IOException("the sums of event " + event.path("id").asText() + ": " + e, e);
      }
      stages.add(sums.build());
    }
    return stages;
  }

  /**
   * Where devices stand, by device.
   *
   * @param filters {@code state} and {@code arm}; may be empty
   */
  public List<JsonNode> assignments(String id, Map<String, String> filters)
      throws IOException, InterruptedException {
    return transport.pages(rollout(id) + "/assignments" + query(filters), "assignments");
  }

  /** One device's part in one rollout; {@code device} is {@code fleet/device}. */
  public ObjectNode assignment(String id, String device) throws IOException, InterruptedException {
    return transport.send(transport.request(rollout(id) + "/assignments/" + device).GET().build());
  }

  /** A device's current or last rollout; {@code device} is {@code fleet/device}. */
  public ObjectNode assignment(String device) throws IOException, InterruptedException {
    return transport.send(transport.request("/v1/devices/" + device + "/assignment").GET().build());
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
    return act(id, action, revision, reason, keep, null);
  }

  /**
   * Acts on a rollout.
   *
   * @param idempotencyKey the same key acts once; null: nothing is known about repetition
   */
  public ObjectNode act(
      String id,
      Action action,
      long revision,
      String reason,
      boolean keep,
      @Nullable String idempotencyKey)
      throws IOException, InterruptedException {
    ObjectNode body = JSON.createObjectNode().put("reason", reason);
    if (action == Action.ABORT) {
      body.put("keep", keep);
    }
    return transport.send(
        Transport.keyed(
                transport.request(rollout(id) + "/" + action.name().toLowerCase(Locale.ROOT)),
                idempotencyKey)
            .header("Content-Type", "application/json")
            .header("If-Match", "\"" + revision + "\"")
            .POST(BodyPublishers.ofString(body.toString()))
            .build());
  }

  /**
   * Follows a rollout from its beginning, on the calling thread, until the consumer returns false,
   * the service ends the stream, or the thread is interrupted.
   */
  public void follow(String id, Predicate<Event> consumer)
      throws IOException, InterruptedException {
    transport.stream(rollout(id) + "/events", "", consumer);
  }

  /**
   * Follows everything that changes, likewise.
   *
   * @param lastEventId goes on after that event; empty: from now on
   */
  public void followAll(String lastEventId, Predicate<Event> consumer)
      throws IOException, InterruptedException {
    transport.stream("/v1/events", lastEventId, consumer);
  }

  @Override
  public void close() {
    transport.close();
  }

  private ObjectNode postPlan(String path, String plan, @Nullable String idempotencyKey)
      throws IOException, InterruptedException {
    return transport.send(
        Transport.keyed(transport.request(path), idempotencyKey)
            .header("Content-Type", "application/yaml")
            .POST(BodyPublishers.ofString(plan))
            .build());
  }

  private static String rollout(String id) {
    return ROLLOUTS + "/" + encode(id);
  }

  private static String query(Map<String, String> parameters) {
    return parameters.isEmpty()
        ? ""
        : parameters.entrySet().stream()
            .map(entry -> entry.getKey() + "=" + encode(entry.getValue()))
            .collect(Collectors.joining("&", "?", ""));
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
