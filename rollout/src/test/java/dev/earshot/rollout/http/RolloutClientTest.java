package dev.earshot.rollout.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.earshot.protocol.problem.ProblemException;
import dev.earshot.protocol.v1.Arm;
import dev.earshot.protocol.v1.AssignmentState;
import dev.earshot.protocol.v1.StageSums;
import dev.earshot.rollout.client.RolloutClient;
import dev.earshot.rollout.client.RolloutClient.Action;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The client against the real interface. */
final class RolloutClientTest {
  private static final String PLAN = "{release: 'hey-nova:1.1.0', cohort: 'true'}";

  @TempDir private Path directory;
  private ApiServer server;
  private RolloutClient client;

  @BeforeEach
  void start() throws Exception {
    server = new ApiServer(directory);
    client = new RolloutClient(server.uri(""), ApiServer.ADMIN);
  }

  @AfterEach
  void stop() throws Exception {
    client.close();
    server.close();
  }

  @Test
  void everyAction_reachesTheService() throws Exception {
    JsonNode rollout = client.create(PLAN, "once");
    String id = rollout.path("id").asText();
    assertEquals(id, client.create(PLAN, "once").path("id").asText());
    for (Action action : Action.values()) {
      long revision = client.get(id).path("revision").asLong();
      JsonNode after = client.act(id, action, revision, "why", action == Action.ABORT);
      assertEquals(revision + 1, after.path("revision").asLong());
      assertEquals(action.name(), server.plane.written.getLast().getActionCase().name());
    }
    assertTrue(server.plane.written.getLast().getAbort().getKeep());
  }

  @Test
  void actionUnderTheSameKey_actsOnce() throws Exception {
    String id = client.create(PLAN, null).path("id").asText();
    client.act(id, Action.PAUSE, 1, "", false, "k");
    assertEquals(2, client.act(id, Action.PAUSE, 1, "", false, "k").path("revision").asLong());
    assertEquals(2, server.plane.written.size());
  }

  @Test
  void lists_areReadToTheirEnd() throws Exception {
    String id = client.create(PLAN, null).path("id").asText();
    for (int i = 0; i < 120; i++) {
      client.create(PLAN, null);
      server.plane.assign("home/" + i, id, Arm.CONTROL, AssignmentState.ASSIGNMENT_OFFERED);
    }
    assertEquals(121, client.list().size());
    assertEquals(121, client.list("draft").size());
    assertEquals(0, client.list("running").size());
    assertEquals(120, client.assignments(id, Map.of("arm", "control")).size());
    assertEquals(0, client.assignments(id, Map.of("state", "failed")).size());
    assertEquals("offered", client.assignment(id, "home/7").path("state").asText());
    assertEquals(id, client.assignment("home/7").path("rollout").asText());
  }

  @Test
  void decisions_comeWithTheirSums() throws Exception {
    String id = client.create(PLAN, null).path("id").asText();
    client.act(id, Action.START, 1, "", false);
    List<JsonNode> events = client.events(id);
    assertEquals(List.of(), RolloutClient.sums(events.get(0)));
    StageSums sums = RolloutClient.sums(events.get(1)).getFirst();
    assertEquals(1, sums.getStage());
    assertEquals(1, sums.getCounts(0).getTheta0());
  }

  @Test
  void plans_areValidatedAndPreviewed() throws Exception {
    assertEquals(4, client.validate(PLAN).path("stages").size());
    assertEquals(1_000, client.preview(PLAN).at("/who/reachable").asInt());
    ProblemException refused =
        assertThrows(ProblemException.class, () -> client.validate("{cohort: '1'}"));
    assertEquals(
        List.of("cohort", "release"),
        refused.problem().errors().stream().map(error -> error.field()).sorted().toList());
  }

  @Test
  void serviceThatIsStarting_isWaitedFor() throws Exception {
    server.plane.failOnce();
    assertEquals(List.of(), client.list());
  }

  @Test
  void me_saysWhoTheTokenBelongsTo() throws Exception {
    assertEquals("admin", client.me().path("name").asText());
  }

  @Test
  void followAll_goesOnAfterAnEvent() throws Exception {
    String first = client.create(PLAN, null).path("id").asText();
    List<String> ids = new ArrayList<>();
    client.followAll(
        "0",
        event -> {
          ids.add(event.id());
          return false;
        });
    String second = client.create(PLAN, null).path("id").asText();
    client.followAll(
        ids.getFirst(),
        event -> {
          assertEquals(second, event.data().path("rollout").asText(), "and not " + first);
          return false;
        });
  }
}
