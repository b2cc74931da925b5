package dev.earshot.cli.simulate;

import com.fasterxml.jackson.databind.JsonNode;
import dev.earshot.protocol.clock.FleetClock;
import dev.earshot.protocol.problem.ProblemException;
import dev.earshot.rollout.client.RolloutClient;
import dev.earshot.simulator.report.RolloutMove;
import dev.earshot.simulator.scenario.Scenario;
import dev.earshot.simulator.scenario.Scenario.PlannedRollout;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The operator of a scenario that runs in real time: starts its rollouts when their time has come,
 * and looks twice a second where they are. Safe for many threads.
 */
final class RolloutPilot implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RolloutPilot.class);
  private static final long LOOK_MILLIS = 500;

  private final Scenario scenario;
  private final Instant start;
  private final FleetClock clock;
  private final RolloutClient rollouts;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("scenario-rollouts").factory());

  /** The service's ids by the scenario's; on the thread. */
  private final Map<String, String> started = new LinkedHashMap<>();

  private final Map<String, String> milestones = new LinkedHashMap<>();
  private final List<RolloutMove> moves = new ArrayList<>();
  private final Map<String, String> refused = new LinkedHashMap<>();

  private RolloutPilot(Scenario scenario, Instant start, FleetClock clock, RolloutClient rollouts) {
    this.scenario = scenario;
    this.start = start;
    this.clock = clock;
    this.rollouts = rollouts;
  }

  /** Begins to look. */
  static RolloutPilot start(
      Scenario scenario, Instant start, FleetClock clock, RolloutClient rollouts) {
    RolloutPilot pilot = new RolloutPilot(scenario, start, clock, rollouts);
    var _ = pilot.thread.scheduleWithFixedDelay(pilot::look, 0, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    return pilot;
  }

  /** What became of the rollouts so far, in their order. */
  synchronized List<RolloutMove> moves() {
    return List.copyOf(moves);
  }

  /** Rollouts that could not be started, and why. */
  synchronized List<String> problems() {
    return refused.entrySet().stream()
        .map(entry -> "rollout " + entry.getKey() + " was not started: " + entry.getValue())
        .toList();
  }

  @Override
  public void close() {
    thread.shutdownNow();
    rollouts.close();
  }

  private void look() {
    try {
      Duration now = Duration.between(start, clock.instant());
      for (PlannedRollout planned : scenario.rollouts()) {
        boolean due = planned.at().compareTo(now) <= 0;
        if (due && !started.containsKey(planned.id()) && !refused.containsKey(planned.id())) {
          begin(planned);
        }
      }
      for (Map.Entry<String, String> each : started.entrySet()) {
        follow(each.getKey(), rollouts.get(each.getValue()));
      }
    } catch (IOException | RuntimeException e) {
      // The next look may do better; a rollout that never moves fails its expectation.
      LOG.warn("the scenario's rollouts can't be seen: {}", e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void begin(PlannedRollout planned) throws IOException, InterruptedException {
    // Names this run and rollout: a request that is repeated starts nothing twice.
    String key = start + "-" + planned.id();
    try {
      JsonNode created = rollouts.create(planned.plan(), key);
      String id = created.path("id").asText();
      if (created.path("state").asText().equals("draft")) {
        var _ =
            rollouts.act(
                id,
                RolloutClient.Action.START,
                created.path("revision").asLong(),
                "scenario " + scenario.name(),
                /* keep= */ false,
                key + "-start");
      }
      started.put(planned.id(), id);
    } catch (ProblemException e) {
      LOG.warn("rollout {} was refused: {}", planned.id(), e.getMessage());
      synchronized (this) {
        refused.put(planned.id(), String.valueOf(e.getMessage()));
      }
    }
  }

  private void follow(String id, JsonNode document) {
    String state = document.path("state").asText();
    int stage = document.path("stage").asInt();
    String before = milestones.put(id, state + stage);
    if (!(state + stage).equals(before)) {
      Duration at = Duration.between(start, Instant.parse(document.path("changed_at").asText()));
      synchronized (this) {
        moves.add(new RolloutMove(id, state, stage, at));
      }
    }
  }
}
