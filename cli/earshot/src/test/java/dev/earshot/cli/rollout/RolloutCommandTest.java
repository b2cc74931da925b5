package dev.earshot.cli.rollout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.earshot.cli.Connection.Endpoints;
import dev.earshot.cli.Earshot;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands as a person types them, against prepared answers. */
final class RolloutCommandTest {
  private static final String ROLLOUT = "/v1/rollouts/" + Documents.ID;

  @TempDir private Path data;
  private final Map<String, String> answers = new HashMap<>();
  private final List<String> asked = new ArrayList<>();
  private HttpServer server;

  private record Outcome(int exitCode, String out, String err) {}

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
    URI here = URI.create("http://localhost:" + server.getAddress().getPort());
    new Endpoints(here, here, here, here, "", "", "token", "real").write(data);
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Test
  void statusWait_endsWithACodeForPipelines() {
    Map<String, Integer> codes =
        Map.of(
            "succeeded",
            0,
            "rolled_back",
            3,
            "cancelled",
            4,
            "paused",
            5,
            "draft",
            7,
            "awaiting_approval",
            7);
    codes.forEach(
        (state, code) -> {
          answers.put(
              "GET " + ROLLOUT,
              Documents.rollout(1).put("state", state).put("step", "").toString());
          assertEquals(code, run("status", Documents.ID, "--wait").exitCode(), state);
          assertEquals(0, run("status", Documents.ID).exitCode(), state);
        });
  }

  @Test
  void statusWait_givesUpAfterItsTimeout() {
    answers.put("GET " + ROLLOUT, Documents.rollout(1).toString());
    assertEquals(6, run("status", Documents.ID, "--wait", "--timeout=1ms").exitCode());
  }

  @Test
  void explain_endsWithOneWhenADecisionCantBeComputedAgain() {
    answers.put("GET " + ROLLOUT, Documents.rollout(4).toString());
    ObjectNode event = Documents.decision(4);
    answers.put("GET " + ROLLOUT + "/events", trail(event));
    Outcome same = run("explain", Documents.ID);
    assertEquals(0, same.exitCode(), same.err());
    assertTrue(same.out().contains("recomputed: same"), same.out());
    assertTrue(
        run("explain", Documents.ID, "--event=13", "--json").out().contains("\"same\" : true"));
    assertEquals(
        "earshot: r-1f0c2ab34d has no entry 14; `earshot rollout explain r-1f0c2ab34d` lists"
            + " them\n",
        run("explain", Documents.ID, "--event=14").err());
    ((ObjectNode) event.at("/evidence/0")).put("log_e", 0.5);
    answers.put("GET " + ROLLOUT + "/events", trail(event));
    assertEquals(1, run("explain", Documents.ID).exitCode());
  }

  @Test
  void abort_keepsOrReverts_butNotBoth() {
    answers.put("GET " + ROLLOUT, Documents.rollout(1).toString());
    answers.put("POST " + ROLLOUT + "/abort", Documents.rollout(1).toString());
    run("abort", Documents.ID, "--keep", "--reason=because");
    assertEquals("{\"reason\":\"because\",\"keep\":true}", asked.getLast());
    run("abort", Documents.ID, "--revert");
    assertEquals("{\"reason\":\"\",\"keep\":false}", asked.getLast());
    run("abort", Documents.ID);
    assertEquals("{\"reason\":\"\",\"keep\":false}", asked.getLast());
    assertEquals(2, run("abort", Documents.ID, "--keep", "--revert").exitCode());
  }

  @Test
  void approve_andStartOfADraft_reachTheService() {
    answers.put("GET " + ROLLOUT, Documents.rollout(1).toString());
    answers.put("POST " + ROLLOUT + "/approve", Documents.rollout(1).toString());
    answers.put("POST " + ROLLOUT + "/start", Documents.rollout(1).toString());
    assertEquals(0, run("approve", Documents.ID).exitCode());
    Outcome started = run("start", Documents.ID);
    assertEquals(0, started.exitCode(), started.err());
    assertTrue(
        started.out().startsWith("r-1f0c2ab34d  stage 1 of 2 (5 %), soaking"), started.out());
  }

  @Test
  void invalidPlan_isNamedByFileLineAndField() throws IOException {
    Path plan =
        Files.writeString(
            data.resolve("plan.yaml"),
            "release: hey-nova:1.1.0\ncohort: 'true'\nstages:\n  - percent: 5\n  - percent: 120\n");
    for (String command : List.of("plan", "start")) {
      Outcome outcome = run(command, plan.toString());
      assertEquals(1, outcome.exitCode());
      assertEquals(
          "earshot: the plan can't be used\n"
              + plan
              + ":5: stages[1].percent: 120 (expected: above 0 to 100)\n",
          outcome.err());
    }
    assertEquals(List.of(), asked);
  }

  @Test
  void optionsWinOverThePlan_andMistakesThatTheyReplaceAreForgiven() throws IOException {
    Path plan = Files.writeString(data.resolve("plan.yaml"), "cohort: device.odd\npriority: 3\n");
    answers.put("POST /v1/rollouts", Documents.rollout(1).toString());
    Outcome outcome = run("start", "hey-nova:1.1.0", "--plan=" + plan, "--cohort=true", "--draft");
    assertEquals(0, outcome.exitCode(), outcome.err());
    assertEquals(
        "{\"cohort\":\"true\",\"priority\":3,\"release\":\"hey-nova:1.1.0\",\"start\":false}",
        asked.getLast());
  }

  @Test
  void whatIsNeitherPlanNorRelease_isRefusedInOneLine() {
    assertEquals("earshot: nowhere.yaml: no such file\n", run("plan", "nowhere.yaml").err());
    assertEquals(
        "earshot: release: 'odd' (expected: name:version, such as hey-nova:1.4.0)\n",
        run("plan", "odd").err());
  }

  @Test
  void list_filtersAndSaysWhenThereIsNothing() {
    answers.put("GET /v1/rollouts", "{\"rollouts\":[]}");
    assertTrue(run("list").out().startsWith("No rollouts yet."));
    assertEquals("No rollout is rolled back.\n", run("list", "--state=rolled_back").out());
    answers.put(
        "GET /v1/rollouts",
        "{\"rollouts\":[" + Documents.rollout(1) + "," + Documents.rollout(1) + "]}");
    Outcome outcome = run("list", "--limit=1");
    assertTrue(outcome.out().endsWith("1 more; see them with a larger --limit\n"), outcome.out());
  }

  private static String trail(ObjectNode event) {
    return "{\"events\":[" + event + "]}";
  }

  private void answer(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    if (!body.isEmpty()) {
      asked.add(body);
    }
    String answer =
        answers.get(exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath());
    byte[] bytes = String.valueOf(answer).getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(answer == null ? 404 : 200, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private Outcome run(String command, String... arguments) {
    List<String> all = new ArrayList<>(List.of("rollout", command, "--data=" + data));
    all.addAll(List.of(arguments));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    StringWriter err = new StringWriter();
    PrintStream before = System.out;
    System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
    try {
      int exitCode =
          Earshot.commandLine()
              .setErr(new PrintWriter(err, true))
              .execute(all.toArray(String[]::new));
      return new Outcome(exitCode, out.toString(StandardCharsets.UTF_8), err.toString());
    } finally {
      System.setOut(before);
    }
  }
}
