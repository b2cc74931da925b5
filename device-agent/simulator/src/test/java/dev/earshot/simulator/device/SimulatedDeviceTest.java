package dev.earshot.simulator.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.earshot.protocol.MqttTopic.Channel;
import dev.earshot.protocol.v1.DeviceStatus;
import dev.earshot.protocol.v1.Heartbeat;
import dev.earshot.protocol.v1.UpdateReport;
import dev.earshot.protocol.v1.UpdateResult;
import dev.earshot.protocol.v1.UpdateState;
import dev.earshot.simulator.TestRelease;
import dev.earshot.simulator.scenario.Fault;
import dev.earshot.simulator.truth.Counts;
import dev.earshot.simulator.truth.Fates;
import dev.earshot.simulator.truth.Truth;
import dev.earshot.simulator.virtual.VirtualRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SimulatedDeviceTest {
  private static final TestRelease ONE = TestRelease.of("test:1.0.0", 1, .5, .1);
  private static final TestRelease TWO = TestRelease.of("test:1.1.0", 2, .2, .1);
  private static final TestRelease BROKEN = TestRelease.failingSelfTest("test:1.2.0", 3);
  private static final TestRelease UNKNOWN = TestRelease.withoutEvaluation("test:1.3.0", 4);
  private static final String REGISTRY = VirtualRegistry.URL;
  private static final Duration TRIAL = Duration.ofHours(1);

  private static VirtualFleet fleet(int count, long seed, List<Fault> faults) throws IOException {
    return new VirtualFleet(count, seed, faults, ONE, TWO, BROKEN, UNKNOWN);
  }

  private static List<Fault> faults(
      double duplicates, double disconnectsPerDay, double corrupt, double powerCuts) {
    return List.of(
        Fault.of(Fault.Kind.DUPLICATE_HEARTBEAT, duplicates),
        Fault.of(Fault.Kind.FLAPPING, disconnectsPerDay),
        Fault.of(Fault.Kind.CORRUPT_CHUNK, corrupt),
        Fault.of(Fault.Kind.POWER_LOSS_IN_UPDATE, powerCuts));
  }

  private static void order(VirtualFleet fleet, TestRelease release) {
    fleet.tellAll(release, release.installCommand("command-1", REGISTRY, (int) TRIAL.toSeconds()));
  }

  @Test
  void sameSeed_givesTheSameEventLogAndTruth() throws IOException {
    List<Fault> faults = faults(.1, 10, .2, .3);
    VirtualFleet first = fleet(30, 7, faults);
    VirtualFleet second = fleet(30, 7, faults);
    VirtualFleet other = fleet(30, 8, faults);
    for (VirtualFleet fleet : new VirtualFleet[] {first, second, other}) {
      fleet.loop.run(Duration.ofHours(6));
      order(fleet, TWO);
      fleet.loop.run(Duration.ofHours(18));
      fleet.finish();
    }
    assertEquals(first.eventLogDigest(), second.eventLogDigest());
    assertEquals(first.services.ledger().snapshot(), second.services.ledger().snapshot());
    assertNotEquals(first.eventLogDigest(), other.eventLogDigest());
  }

  @Test
  void duplicatesAndFlapping_leaveTruthEqualToWhatWasReceivedAndAcknowledged() throws IOException {
    VirtualFleet fleet = fleet(40, 1, faults(.3, 20, 0, 0));
    fleet.loop.run(Duration.ofHours(6));
    order(fleet, TWO);
    fleet.loop.run(Duration.ofHours(30));
    fleet.finish();

    Truth truth = fleet.services.ledger().snapshot();
    assertEquals(truth.happened(), fleet.received());
    assertEquals(truth.happened(), truth.acknowledged());
    assertTrue(fleet.devices.stream().allMatch(SimulatedDevice::drained));
    Counts total = truth.totalHappened();
    assertTrue(total.falseAccepts() > 100, "something happened: " + total);
    assertTrue(fleet.services.tally().connectionsLost() > 100, "connections were lost");
    assertTrue(
        fleet.services.tally().heartbeatsPublished()
            > 1.2 * fleet.services.tally().heartbeatsAcknowledged(),
        "heartbeats were repeated");
  }

  @Test
  void goodRelease_isInstalledByAllAndChangesWhatHappens() throws IOException {
    VirtualFleet fleet = fleet(40, 1, List.of());
    fleet.loop.run(Duration.ofHours(24));
    order(fleet, TWO);
    fleet.loop.run(Duration.ofHours(24));
    fleet.finish();

    assertEquals(40L, fleet.services.tally().devicesByRelease().get("test:1.1.0"));
    assertEquals(Map.of("committed", 40L), fleet.services.tally().devicesByUpdateState());
    assertEquals(
        new Fates(Map.of("test:1.1.0", 40L), Map.of(), Map.of(), 0),
        fleet.services.ledger().fates());
    Map<String, Counts> truth = fleet.services.ledger().snapshot().happenedByRelease();
    double before = perHour(truth.getOrDefault("test:1.0.0", Counts.NONE));
    double after = perHour(truth.getOrDefault("test:1.1.0", Counts.NONE));
    assertEquals(.4, after / before, .15, "0.2 against 0.5 false accepts an hour, same devices");
  }

  @Test
  void powerCutsDuringTheUpdate_loseOnlyWhatWaited_andEveryDeviceEndsSomewhereDefined()
      throws IOException {
    VirtualFleet fleet = fleet(60, 1, faults(0, 0, 0, 1));
    fleet.loop.run(Duration.ofHours(2));
    order(fleet, TWO);
    fleet.loop.run(Duration.ofHours(10));
    fleet.finish();

    assertTrue(fleet.services.tally().powerCuts() > 30, "most cuts hit a write");
    for (DeviceStatus status : fleet.statuses().values()) {
      UpdateReport update = status.getUpdate();
      // A command that was lost in the cut is not known to the device; the rollout tells it again.
      assertTrue(
          !status.hasUpdate() || update.getState() == UpdateState.COMMITTED, update.toString());
    }
    Truth truth = fleet.services.ledger().snapshot();
    Counts happened = truth.totalHappened();
    Counts received = fleet.received().values().stream().reduce(Counts.NONE, Counts::plus);
    assertTrue(received.listeningMillis() < happened.listeningMillis(), "something was lost");
    assertTrue(truth.totalAcknowledged().listeningMillis() <= received.listeningMillis());
    requireGrowingBootIds(fleet);
  }

  private static void requireGrowingBootIds(VirtualFleet fleet) throws IOException {
    Map<String, Integer> boots = new HashMap<>();
    Set<String> intervals = new HashSet<>();
    int rebooted = 0;
    for (VirtualFleet.Published message : fleet.published) {
      if (message.channel() == Channel.HEARTBEAT) {
        Heartbeat beat = Heartbeat.parseFrom(message.payload());
        int before = boots.getOrDefault(message.id().toString(), 0);
        assertTrue(beat.getBootId() >= before, "a boot id went back");
        boots.put(message.id().toString(), beat.getBootId());
        rebooted += beat.getUnexpectedReboots();
        intervals.add(message.id() + " " + beat.getBootId() + " " + beat.getSequence());
      }
    }
    assertTrue(rebooted > 30, "devices tell of their reboots: " + rebooted);
    assertEquals(
        fleet.services.tally().heartbeatsPublished(), intervals.size(), "no interval name twice");
  }

  @Test
  void corruptDownload_neverListens() throws IOException {
    VirtualFleet fleet = fleet(10, 1, faults(0, 0, 1, 0));
    fleet.loop.run(Duration.ofHours(1));
    order(fleet, TWO);
    fleet.loop.run(Duration.ofHours(8));
    for (DeviceStatus status : fleet.statuses().values()) {
      assertEquals(
          UpdateResult.INTEGRITY_CHECK_FAILURE, status.getUpdate().getResult(), status.toString());
    }
    assertEquals(10L, fleet.services.tally().devicesByRelease().get("test:1.0.0"));
  }

  @Test
  void selfTestThatFailsOnTheEngine_failsTheUpdateAndSaysWhichVector() throws IOException {
    VirtualFleet fleet = fleet(5, 1, List.of());
    fleet.loop.run(Duration.ofHours(1));
    order(fleet, BROKEN);
    fleet.loop.run(Duration.ofHours(1));
    for (DeviceStatus status : fleet.statuses().values()) {
      assertEquals(UpdateState.FAILED, status.getUpdate().getState());
      assertEquals(
          "self-test: vector 0 gives another output than the publisher's",
          status.getUpdate().getText());
    }
  }

  @Test
  void releaseWithoutEvaluation_failsTheUpdateAndSaysWhy() throws IOException {
    VirtualFleet fleet = fleet(5, 1, List.of());
    fleet.loop.run(Duration.ofHours(1));
    order(fleet, UNKNOWN);
    fleet.loop.run(Duration.ofHours(1));
    for (DeviceStatus status : fleet.statuses().values()) {
      assertEquals(UpdateState.FAILED, status.getUpdate().getState());
      assertTrue(
          status
              .getUpdate()
              .getText()
              .startsWith("self-test: test:1.3.0: the registry gave no evaluation for its model"),
          status.getUpdate().getText());
    }
  }

  private static double perHour(Counts counts) {
    return counts.falseAccepts() / (counts.listeningMillis() / 3_600_000.0);
  }
}
