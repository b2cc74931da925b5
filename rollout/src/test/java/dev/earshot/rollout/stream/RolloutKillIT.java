package dev.earshot.rollout.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.earshot.broker.EmbeddedBroker;
import dev.earshot.protocol.KafkaTopic;
import dev.earshot.protocol.clock.FleetClock;
import dev.earshot.protocol.v1.DeviceCommand;
import dev.earshot.protocol.v1.RolloutEvent;
import dev.earshot.rollout.client.RolloutClient;
import dev.earshot.rollout.client.RolloutClient.Action;
import dev.earshot.rollout.lifecycle.Phases;
import dev.earshot.service.Topics;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The service as processes that are killed in the middle of what they do. */
final class RolloutKillIT {
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final int PARTITIONS = 4;
  private static final int DEVICES = 300;
  private static final long SEED = 3;

  /** An hour of the fleet is a second of the machine. */
  private static final double SPEED = 3_600;

  /** Deadlines that a start on a slow machine does not miss. */
  private static final String LIMITS =
      """
      heard_within: 90d
      trial: 10m
      deadlines: {offered: 90d, downloading: 90d, installing: 90d, trial: 90d, reverting: 90d}
      """;

  @TempDir Path directory;

  private final FleetClock clock =
      FleetClock.startingAt(Instant.now(), SPEED, InstantSource.system());
  private final SplittableRandom random = new SplittableRandom(SEED);

  @Test
  void killedWhileItOffersDecidesAndTakesBack_losesRepeatsAndContradictsNothing() throws Exception {
    String plan =
        """
        release: hey-nova:1.1.0
        cohort: device.chip == "ndp120"
        stages: [{percent: 40, soak: 90d}]
        offers: {per_minute: 0.5, factor: 1}
        """
            + LIMITS;
    try (EmbeddedBroker broker = broker();
        KafkaFleet fleet = fleet(broker);
        RolloutProcess service = process(broker, "rollout-0")) {
      fleet.falseAcceptsPerHour.put(TestFleet.NEW, 3.0);
      service.start();
      fleet.announceWithHistory();
      await(fleet, "the service", service::isReady);
      fleet.create("r1", plan, SEED);
      int offers = random.nextInt(5, 40);
      await(fleet, offers + " offers", () -> fleet.writtenInstalls >= offers);
      restart(service);
      await(
          fleet,
          "the decision to roll back",
          () -> fleet.writtenEvents.contains("rollback_started"));
      restart(service);
      for (int kill = 0; kill < 2; kill++) {
        int reverts = fleet.writtenReverts + random.nextInt(1, 15);
        await(
            fleet,
            reverts + " orders to go back",
            () -> fleet.writtenReverts >= reverts || fleet.writtenEvents.contains("rolled_back"));
        restart(service);
      }
      await(fleet, "the end", () -> isOver(fleet, service));
      assertEverybodyWentBack(broker, fleet);
    }
  }

  @Test
  void twoInstances_shareTheWork_answerAlike_andOneTakesOverFromTheOther() throws Exception {
    String plan =
        """
        release: hey-nova:1.1.0
        cohort: device.chip == "ndp120"
        stages: [{percent: 20, soak: 90d}, {percent: 60, soak: 90d}]
        offers: {per_minute: 1, factor: 1}
        """
            + LIMITS;
    try (EmbeddedBroker broker = broker();
        KafkaFleet fleet = fleet(broker);
        RolloutProcess one = process(broker, "rollout-0");
        RolloutProcess other = process(broker, "rollout-1");
        RolloutClient atOne = one.client();
        RolloutClient atOther = other.client()) {
      one.start();
      other.start();
      await(fleet, "both instances", () -> one.isReady() && other.isReady());
      fleet.announceWithHistory();
      await(fleet, "work for both", () -> hasWorked(one) && hasWorked(other));
      fleet.create("r1", plan, SEED);
      await(fleet, "the first stage", () -> one.isReady() && atSoak(atOne, 1));
      await(fleet, "the same answers", () -> answers(atOne).equals(answers(atOther)));
      int before = fleet.writtenInstalls;
      long revision = atOther.get("r1").path("revision").asLong();
      atOther.act("r1", Action.PROMOTE, revision, "go on", false);
      int offers = random.nextInt(5, 40);
      await(fleet, offers + " more offers", () -> fleet.writtenInstalls >= before + offers);
      other.kill();
      await(fleet, "the second stage without the other", () -> atSoak(atOne, 2));
      long last = atOne.get("r1").path("revision").asLong();
      atOne.act("r1", Action.ABORT, last, "enough", false);
      await(fleet, "the end", () -> atOne.get("r1").path("state").asText().equals("rolled_back"));
      assertEverybodyWentBack(broker, fleet);
    }
  }

  private static void assertEverybodyWentBack(EmbeddedBroker broker, KafkaFleet fleet)
      throws IOException {
    WrittenTrail trail = WrittenTrail.read(broker.bootstrap(), PARTITIONS);
    assertEquals(
        "rolled_back",
        Phases.read(Objects.requireNonNull(trail.rollouts.get("r1")).getPhase()).word());
    trail.assertNoContradiction();
    trail.assertRolledBack();
    List<String> kinds = new ArrayList<>(trail.events.stream().map(RolloutEvent::getKind).toList());
    assertTrue(LEGAL.contains(kinds), kinds.toString());
    trail.assertAudit(kinds);
    assertTrue(trail.treated().size() > DEVICES / 20, "treated: " + trail.treated());
    fleet.devices.values().forEach(device -> assertEquals(TestFleet.OLD, device.active));
    fleet
        .devices
        .values()
        .forEach(
            device ->
                assertEquals(
                    trail.treated().contains(device.id.toString()),
                    device.told.stream().anyMatch(DeviceCommand::hasInstall)));
  }

  /** Every legal way through the tests' plans: the alarm may come before all offers are out. */
  private static final List<List<String>> LEGAL =
      List.of(
          List.of("created", "started", "rollback_started", "rolled_back"),
          List.of("created", "started", "offers_done", "rollback_started", "rolled_back"),
          List.of(
              "created",
              "started",
              "offers_done",
              "stage_passed",
              "offers_done",
              "rollback_started",
              "rolled_back"));

  private static boolean isOver(KafkaFleet fleet, RolloutProcess service) throws Exception {
    if (!fleet.writtenEvents.contains("rolled_back") || !service.isReady()) {
      return false;
    }
    try (RolloutClient client = service.client()) {
      return client.get("r1").path("state").asText().equals("rolled_back");
    }
  }

  private static boolean atSoak(RolloutClient client, int stage) throws Exception {
    List<JsonNode> all = client.list();
    if (all.isEmpty()) {
      return false;
    }
    JsonNode rollout = client.get("r1");
    return rollout.path("stage").asInt() == stage
        && rollout.path("step").asText().equals("soaking")
        && rollout.path("devices").path("pending").asInt() == 0;
  }

  private static boolean hasWorked(RolloutProcess process) throws InterruptedException {
    return process.metric("earshot_rollout_statuses_total") > 0;
  }

  /** All that an operator can ask, but what moves with every heartbeat. */
  private static List<Object> answers(RolloutClient client) throws Exception {
    JsonNode rollout = client.get("r1");
    return List.of(
        rollout.path("revision"),
        rollout.path("state"),
        rollout.path("stage"),
        rollout.path("step"),
        rollout.path("plan"),
        rollout.path("devices"),
        rollout.path("control"),
        client.events("r1"));
  }

  private static void restart(RolloutProcess service) throws IOException {
    service.kill();
    service.start();
  }

  private EmbeddedBroker broker() {
    EmbeddedBroker broker = EmbeddedBroker.start(directory.resolve("kafka"), 0);
    Topics.ensure(
        broker.bootstrap(),
        PARTITIONS,
        (short) 1,
        KafkaTopic.HEARTBEAT,
        KafkaTopic.STATUS,
        KafkaTopic.COMMAND,
        KafkaTopic.ASSIGNMENT,
        KafkaTopic.RELEASE,
        KafkaTopic.ROLLOUT_REQUEST,
        KafkaTopic.ROLLOUT_EVENT,
        KafkaTopic.ROLLOUT_STATE);
    return broker;
  }

  private KafkaFleet fleet(EmbeddedBroker broker) {
    return new KafkaFleet(broker.bootstrap(), PARTITIONS, DEVICES, clock, SEED);
  }

  private RolloutProcess process(EmbeddedBroker broker, String instance) throws IOException {
    return new RolloutProcess(broker.bootstrap(), directory, instance, PARTITIONS, clock);
  }

  private static void await(KafkaFleet fleet, String what, Callable<Boolean> condition)
      throws Exception {
    Instant deadline = Instant.now().plus(PATIENCE);
    while (!condition.call()) {
      assertTrue(Instant.now().isBefore(deadline), "waited too long for " + what);
      fleet.live();
    }
  }
}
