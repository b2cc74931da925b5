package dev.earshot.rollout.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.util.JsonFormat;
import dev.earshot.protocol.v1.Arm;
import dev.earshot.protocol.v1.AssignmentState;
import dev.earshot.protocol.v1.RolloutMetric;
import dev.earshot.protocol.v1.StageSums;
import dev.earshot.rollout.http.ApiServer.Answer;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RolloutApiTest {
  private static final String PLAN = "{release: 'hey-nova:1.1.0', cohort: 'true'}";
  private static final String OTHER =
      "{release: 'hey-nova:1.1.0', cohort: 'device.chip == \"ndp120\"'}";
  private static final String KEY = "Idempotency-Key";

  @TempDir private Path directory;
  private ApiServer server;

  @BeforeEach
  void start() throws Exception {
    server = new ApiServer(directory);
  }

  @AfterEach
  void stop() throws Exception {
    server.close();
  }

  @Test
  void creation_underTheSameKey_isAnsweredAlikeAndHappensOnce() throws Exception {
    Answer first = server.post("/v1/rollouts", PLAN, KEY, "one");
    Answer second = server.post("/v1/rollouts", PLAN, KEY, "one");
    assertEquals(201, first.status());
    assertEquals(201, second.status());
    assertEquals(first.response().body(), second.response().body());
    assertEquals(first.header("Location"), second.header("Location"));
    assertEquals(first.header("ETag"), second.header("ETag"));
    assertEquals(1, server.plane.written.size());
  }

  @Test
  void action_underTheSameKey_isAnsweredAlikeThoughTheRevisionHasMoved() throws Exception {
    String pause = "/v1/rollouts/" + server.created(PLAN) + "/pause";
    String[] headers = {KEY, "stop", "If-Match", "\"1\""};
    Answer first = server.post(pause, "{\"reason\": \"odd\"}", headers);
    Answer second = server.post(pause, "{\"reason\": \"odd\"}", headers);
    assertEquals(200, first.status());
    assertEquals(200, second.status());
    assertEquals("\"2\"", second.header("ETag"));
    assertEquals(2, server.plane.written.size());
    assertEquals(412, server.post(pause, "", "If-Match", "\"1\"").status());
  }

  @Test
  void refusedAction_underTheSameKey_isRefusedAlike() throws Exception {
    String pause = "/v1/rollouts/" + server.created(PLAN) + "/pause";
    String[] headers = {KEY, "stop", "If-Match", "\"7\""};
    assertEquals(412, server.post(pause, "", headers).status());
    Answer second = server.post(pause, "", headers);
    assertEquals(412, second.status());
    assertEquals("/problems/precondition-failed", second.json().path("type").asText());
    assertEquals(2, server.plane.written.size());
  }

  @Test
  void key_withAnotherBodyOrPath_isRefused() throws Exception {
    String id = server.created(PLAN, KEY, "one");
    List<Answer> answers =
        List.of(
            server.post("/v1/rollouts", OTHER, KEY, "one"),
            server.post("/v1/plans/preview", PLAN, KEY, "one"),
            server.post("/v1/plans/validate", PLAN, KEY, "one"),
            server.post("/v1/rollouts/" + id + "/pause", "", KEY, "one", "If-Match", "\"1\""));
    for (Answer answer : answers) {
      assertEquals(422, answer.status(), answer.response().body());
      assertEquals("/problems/idempotency-key-reused", answer.json().path("type").asText());
      assertTrue(answer.json().path("detail").asText().contains(id));
    }
    assertEquals(1, server.plane.written.size());
  }

  @Test
  void sameKeyOfTwoPeople_isTwoRequests() throws Exception {
    Answer admin = server.post("/v1/rollouts", PLAN, KEY, "one");
    Answer other =
        server.post("/v1/rollouts", PLAN, KEY, "one", "Authorization", "Bearer publisher");
    assertNotEquals(admin.json().path("id"), other.json().path("id"));
    assertEquals("publisher-person", other.json().path("created_by").asText());
  }

  @Test
  void withoutAKey_eachCreationIsANewRollout() throws Exception {
    assertNotEquals(server.created(PLAN), server.created(PLAN));
  }

  @Test
  void badKey_isRefused() throws Exception {
    Answer answer = server.post("/v1/rollouts", PLAN, KEY, "x".repeat(256));
    assertEquals(400, answer.status());
    assertEquals(KEY, answer.json().at("/errors/0/field").asText());
  }

  @Test
  void action_needsTheRevisionThatItWasDecidedOn() throws Exception {
    String pause = "/v1/rollouts/" + server.created(PLAN) + "/pause";
    assertEquals(428, server.post(pause, "").status());
    assertEquals(412, server.post(pause, "", "If-Match", "\"9\"").status());
    assertEquals(412, server.post(pause, "", "If-Match", "*").status());
    assertEquals("\"2\"", server.post(pause, "", "If-Match", "\"1\"").header("ETag"));
  }

  @Test
  void abort_carriesKeepAndReason_andOnlyAbortMay() throws Exception {
    String path = "/v1/rollouts/" + server.created(PLAN);
    Answer odd = server.post(path + "/pause", "{\"keep\": true, \"x\": 1}", "If-Match", "\"1\"");
    assertEquals(400, odd.status());
    assertEquals("only an abort can say so", odd.json().at("/errors/0/message").asText());
    assertEquals("unknown (known: reason)", odd.json().at("/errors/1/message").asText());
    server.post(path + "/abort", "{\"keep\": true, \"reason\": \"why\"}", "If-Match", "\"1\"");
    assertTrue(server.plane.written.getLast().getAbort().getKeep());
    assertEquals("why", server.plane.written.getLast().getReason());
    assertEquals("admin", server.plane.written.getLast().getActor());
  }

  @Test
  void publisher_createsDraftsOnly() throws Exception {
    String started = "{release: 'hey-nova:1.1.0', cohort: 'true', start: true}";
    Answer refused = server.post("/v1/rollouts", started, ApiServer.as("publisher"));
    assertEquals(403, refused.status());
    assertEquals(
        "creating a rollout with start: true needs the role operator; publisher-person has"
            + " publisher",
        refused.json().path("detail").asText());
    assertEquals(201, server.post("/v1/rollouts", PLAN, ApiServer.as("publisher")).status());
    assertEquals(201, server.post("/v1/rollouts", started, ApiServer.as("operator")).status());
  }

  @Test
  void strangers_areToldWhatToSend_andMembersWhatTheyLack() throws Exception {
    Answer nothing = server.send(HttpRequest.newBuilder(server.uri("/v1/me")).GET());
    assertEquals(401, nothing.status());
    assertEquals("Bearer realm=\"earshot\"", nothing.header("WWW-Authenticate"));
    Answer wrong = server.get("/v1/me", "Authorization", "Bearer guess");
    assertEquals(401, wrong.status());
    assertEquals("application/problem+json", wrong.header("Content-Type"));
    String approve = "/v1/rollouts/" + server.created(PLAN) + "/approve";
    Answer lacking = server.post(approve, "", ApiServer.as("operator"));
    assertEquals(403, lacking.status());
    assertTrue(
        lacking
            .json()
            .path("detail")
            .asText()
            .endsWith("needs the role approver; operator-person has operator"),
        lacking.json().toString());
  }

  @Test
  void me_saysNameAndRoles() throws Exception {
    JsonNode me = server.get("/v1/me", ApiServer.as("approver")).json();
    assertEquals("{\"name\":\"approver-person\",\"roles\":[\"approver\"]}", me.toString());
    assertEquals(4, server.get("/v1/me").json().path("roles").size());
  }

  @Test
  void rollouts_arePagedNewestFirst_andFiltered() throws Exception {
    List<String> created = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      created.add(server.created(PLAN));
    }
    server.created("{release: 'hey-nova:1.1.0', cohort: 'true', start: true}");
    List<String> seen = new ArrayList<>();
    String next = "/v1/rollouts?limit=2&state=draft";
    while (!next.isEmpty()) {
      Answer page = server.get(next);
      page.json().path("rollouts").forEach(rollout -> seen.add(rollout.path("id").asText()));
      next = page.header("Link").replaceAll("^<(.*)>; rel=\"next\"$", "$1");
    }
    assertEquals(created.reversed(), seen);
  }

  @Test
  void unknownFilterLimitAndPlace_areRefusedByName() throws Exception {
    assertEquals("state", field(server.get("/v1/rollouts?state=odd")));
    assertEquals("limit", field(server.get("/v1/rollouts?limit=0")));
    assertEquals("after", field(server.get("/v1/rollouts?after=odd")));
    String path = "/v1/rollouts/" + server.created(PLAN);
    assertEquals("state", field(server.get(path + "/assignments?state=odd")));
    assertEquals("arm", field(server.get(path + "/assignments?arm=odd")));
    assertEquals("after", field(server.get(path + "/events?after=odd")));
  }

  @Test
  void events_arePaged_andCarryTheSumsBehindADecision() throws Exception {
    String path = "/v1/rollouts/" + server.created(PLAN);
    server.post(path + "/pause", "", "If-Match", "\"1\"");
    Answer first = server.get(path + "/events?limit=1");
    assertEquals("created", first.json().at("/events/0/kind").asText());
    String next = first.header("Link").replaceAll("^<(.*)>; rel=\"next\"$", "$1");
    Answer second = server.get(next);
    assertEquals("", second.header("Link"));
    JsonNode sums = second.json().at("/events/0/sums/0");
    StageSums.Builder read = StageSums.newBuilder();
    JsonFormat.parser().merge(sums.toString(), read);
    assertEquals(1, read.getStage());
    assertEquals(RolloutMetric.FALSE_ACCEPTS, read.getCounts(0).getMetric());
    assertEquals(1, sums.at("/counts/0/theta0").asDouble());
  }

  @Test
  void assignments_arePagedAndFiltered() throws Exception {
    String id = server.created(PLAN);
    server.plane.assign("home/a", id, Arm.TREATMENT, AssignmentState.ASSIGNMENT_COMMITTED);
    server.plane.assign("home/b", id, Arm.CONTROL, AssignmentState.ASSIGNMENT_OFFERED);
    server.plane.assign("home/c", id, Arm.TREATMENT, AssignmentState.ASSIGNMENT_FAILED);
    server.plane.assign("home/d", id, Arm.TREATMENT, AssignmentState.ASSIGNMENT_COMMITTED);
    String path = "/v1/rollouts/" + id + "/assignments";
    assertEquals(
        List.of("home/a", "home/c", "home/d"), devices(server.get(path + "?arm=treatment")));
    assertEquals(List.of("home/c"), devices(server.get(path + "?state=failed")));
    Answer page = server.get(path + "?arm=treatment&state=committed&limit=1");
    assertEquals(List.of("home/a"), devices(page));
    String next = page.header("Link").replaceAll("^<(.*)>; rel=\"next\"$", "$1");
    assertEquals(List.of("home/d"), devices(server.get(next)));
  }

  @Test
  void assignmentOfAnotherRollout_isNotFound_withAHint() throws Exception {
    String id = server.created(PLAN);
    server.plane.assign("home/a", "r-0", Arm.TREATMENT, AssignmentState.ASSIGNMENT_COMMITTED);
    Answer answer = server.get("/v1/rollouts/" + id + "/assignments/home/a");
    assertEquals(404, answer.status());
    assertEquals(
        "home/a is not in " + id + "; its current or last rollout is r-0",
        answer.json().path("detail").asText());
    assertEquals(
        "r-0", server.get("/v1/devices/home/a/assignment").json().path("rollout").asText());
  }

  @Test
  void unchangedResource_isNotSentAgain() throws Exception {
    server.created(PLAN);
    String tag = server.get("/v1/rollouts").header("ETag");
    assertEquals(304, server.get("/v1/rollouts", "If-None-Match", tag).status());
    server.created(PLAN);
    assertEquals(200, server.get("/v1/rollouts", "If-None-Match", tag).status());
  }

  @Test
  void validation_writesOutDefaults_orNamesEveryError() throws Exception {
    JsonNode plan = server.post("/v1/plans/validate", PLAN).json();
    assertEquals(4, plan.path("stages").size());
    assertEquals(0.01, plan.at("/gates/alpha").asDouble());
    Answer wrong = server.post("/v1/plans/validate", "{cohort: 'true', priority: x, odd: 1}");
    assertEquals(400, wrong.status());
    assertEquals("/problems/invalid-request", wrong.json().path("type").asText());
    List<String> fields = new ArrayList<>();
    wrong.json().path("errors").forEach(error -> fields.add(error.path("field").asText()));
    assertEquals(List.of("odd", "priority", "release"), fields.stream().sorted().toList());
    assertEquals(0, server.plane.written.size());
  }

  @Test
  void preview_countsAndForgets() throws Exception {
    Answer answer = server.post("/v1/plans/preview", PLAN, KEY, "look");
    assertEquals(200, answer.status(), answer.response().body());
    JsonNode preview = answer.json();
    assertEquals(1_000, preview.at("/who/reachable").asInt());
    assertEquals("not_heard", preview.at("/who/excluded/0/reason").asText());
    assertEquals(40_000L * 950, preview.at("/bytes/total").asLong());
    assertEquals(4, preview.path("stages").size());
    assertEquals(1, server.plane.written.size());
    assertTrue(server.plane.written.getFirst().getCreate().getPreview());
    assertEquals(0, server.get("/v1/rollouts").json().path("rollouts").size());
    String id = server.plane.written.getFirst().getRollout();
    assertEquals(404, server.get("/v1/rollouts/" + id).status());
    assertEquals(
        404, server.post("/v1/rollouts/" + id + "/start", "", "If-Match", "\"1\"").status());

    Answer again = server.post("/v1/plans/preview", PLAN, KEY, "look");
    assertEquals(answer.response().body(), again.response().body());
    assertEquals(1, server.plane.written.size());
    server.plane.rollouts.remove(id);
    assertEquals(409, server.post("/v1/plans/preview", PLAN, KEY, "look").status());
  }

  @Test
  void previewThatNobodyCounts_isUnavailable() throws Exception {
    server.plane.stopCounting();
    Answer answer = server.post("/v1/plans/preview", PLAN);
    assertEquals(503, answer.status());
    assertEquals("/problems/unavailable", answer.json().path("type").asText());
  }

  @Test
  void releaseThatIsNotThere_isNamedByCreationAndPreview() throws Exception {
    String plan = "{release: 'hey-nova:9.0.0', cohort: 'true'}";
    for (String path : List.of("/v1/rollouts", "/v1/plans/preview")) {
      Answer answer = server.post(path, plan);
      assertEquals(400, answer.status());
      assertEquals("release", answer.json().at("/errors/0/field").asText());
    }
    assertEquals(200, server.post("/v1/plans/validate", plan).status());
  }

  @Test
  void serviceThatIsStillReading_doesNotSayThatThingsDoNotExist() throws Exception {
    server.plane.fail("still reading what is there");
    Answer answer = server.get("/v1/rollouts/r-1");
    assertEquals(503, answer.status());
    assertEquals("1", answer.header("Retry-After"));
  }

  @Test
  void streamOfARollout_goesOnAfterTheLastEvent() throws Exception {
    String path = "/v1/rollouts/" + server.created(PLAN);
    String last;
    try (Streaming stream = open(path + "/events")) {
      Streaming.Event created = stream.decisions(1).getFirst();
      assertEquals("created", created.kind());
      assertEquals("progress", stream.next().kind());
      last = created.id();
    }
    server.post(path + "/pause", "", "If-Match", "\"1\"");
    try (Streaming stream = open(path + "/events", "Last-Event-ID", last)) {
      assertEquals("decided", stream.decisions(1).getFirst().kind());
    }
  }

  @Test
  void streamOfEverything_beginsNow_andGoesOnWhereItWas() throws Exception {
    String a = server.created(PLAN);
    String last;
    try (Streaming stream = open("/v1/events")) {
      Streaming.Event progress = stream.next();
      assertEquals("progress", progress.kind());
      assertTrue(progress.data().contains(a), progress.data());
      String b = server.created(PLAN);
      Streaming.Event created = stream.decisions(1).getFirst();
      assertTrue(created.data().contains("\"rollout\":\"" + b + "\""), created.data());
      last = created.id();
    }
    String c = server.created(PLAN);
    server.post("/v1/plans/preview", PLAN);
    server.post("/v1/rollouts/" + a + "/pause", "", "If-Match", "\"1\"");
    try (Streaming stream = open("/v1/events", "Last-Event-ID", last)) {
      List<Streaming.Event> missed = stream.decisions(2);
      assertTrue(missed.get(0).data().contains(c), missed.toString());
      assertTrue(missed.get(1).data().contains(a), missed.toString());
    }
    try (Streaming stream = open("/v1/events", "Last-Event-ID", "0")) {
      assertTrue(stream.decisions(1).getFirst().data().contains(a));
      List<Streaming.Event> rest = stream.decisions(3);
      assertFalse(rest.toString().contains("\"rollout\":\"p-"), rest.toString());
    }
  }

  private Streaming open(String path, String... headers) {
    return Streaming.open(
        server.request(path, headers).setHeader("Accept", "text/event-stream").build());
  }

  private static String field(Answer answer) {
    assertEquals(400, answer.status());
    return answer.json().at("/errors/0/field").asText();
  }

  private static List<String> devices(Answer answer) {
    List<String> devices = new ArrayList<>();
    answer.json().path("assignments").forEach(node -> devices.add(node.path("device").asText()));
    return devices;
  }
}
