package dev.earshot.simulator.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.earshot.protocol.MqttTopic.Channel;
import dev.earshot.protocol.v1.DeviceStatus;
import dev.earshot.protocol.v1.Heartbeat;
import dev.earshot.protocol.v1.UpdateResult;
import dev.earshot.protocol.v1.UpdateState;
import dev.earshot.simulator.TestRelease;
import dev.earshot.simulator.device.SimulatedDevice.Whereabouts;
import dev.earshot.simulator.scenario.DeviceGroup;
import dev.earshot.simulator.scenario.Fault;
import dev.earshot.simulator.scenario.Fault.Kind;
import dev.earshot.simulator.scenario.Scenario;
import dev.earshot.simulator.truth.Counts;
import dev.earshot.simulator.truth.Truth;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Each fault by itself, as somebody would notice it who sees what arrives. */
class FaultsTest {
  private static final TestRelease ONE = TestRelease.of("test:1.0.0", 1, .5, .1);
  private static final TestRelease TWO = TestRelease.of("test:1.1.0", 2, .2, .1);
  private static final Duration HOUR = Duration.ofHours(1);
  private static final int DEVICES = 20;

  private static VirtualFleet fleet(Fault... faults) throws IOException {
    return new VirtualFleet(DEVICES, 1, List.of(faults), ONE, TWO);
  }

  private static Fault between(Kind kind, double rate, Duration from, Duration until) {
    return new Fault(kind, rate, kind.amount().usual(), from, until, Set.of());
  }

  private static void order(VirtualFleet fleet) {
    fleet.tellAll(TWO, TWO.installCommand("command-1", "http://registry", 600));
  }

  private static void requireNothingLost(VirtualFleet fleet) throws IOException {
    Truth truth = fleet.services.ledger().snapshot();
    assertTrue(fleet.devices.stream().allMatch(SimulatedDevice::drained));
    assertEquals(truth.happened(), fleet.received());
    assertEquals(truth.happened(), truth.acknowledged());
    assertEquals(Map.of(), fleet.services.ledger().destroyed());
  }

  private static void requireBalance(VirtualFleet fleet) {
    Truth truth = fleet.services.ledger().snapshot();
    Map<Truth.Key, Counts> sum = new HashMap<>(truth.acknowledged());
    fleet
        .services
        .ledger()
        .destroyed()
        .forEach((key, counts) -> sum.merge(key, counts, Counts::plus));
    assertEquals(truth.happened(), sum);
  }

  private static long connectionsLost(VirtualFleet fleet) {
    return fleet.services.tally().connectionsLost();
  }

  @Test
  void packetLoss_costsConnectionsButNoHeartbeat() throws IOException {
    VirtualFleet fleet = fleet(Fault.of(Kind.PACKET_LOSS, .2));
    fleet.loop.run(HOUR.multipliedBy(12));
    long beats = fleet.services.tally().heartbeatsAcknowledged();
    assertEquals(.2, (double) connectionsLost(fleet) / (beats + connectionsLost(fleet)), .1);
    fleet.finish();
    requireNothingLost(fleet);
    int arrived = fleet.heartbeats().size();
    assertTrue(arrived > fleet.services.tally().heartbeatsAcknowledged(), "some arrived twice");
    assertTrue(arrived < fleet.services.tally().heartbeatsPublished(), "some never arrived");
  }

  @Test
  void latency_delaysWhatArrives_inItsOrder() throws IOException {
    VirtualFleet fleet = fleet(Fault.of(Kind.LATENCY, 1, 60_000));
    fleet.loop.run(HOUR.multipliedBy(12));
    fleet.finish();
    requireNothingLost(fleet);
    double sum = 0;
    int count = 0;
    Map<String, Integer> newest = new HashMap<>();
    for (VirtualFleet.Published message : fleet.published) {
      if (message.channel() == Channel.HEARTBEAT) {
        Heartbeat beat = Heartbeat.parseFrom(message.payload());
        sum += message.atMillis() - beat.getIntervalStartMs() - beat.getIntervalMs();
        count++;
        int before = newest.getOrDefault(message.id().toString(), -1);
        assertTrue(beat.getSequence() > before, "in order");
        newest.put(message.id().toString(), beat.getSequence());
      }
    }
    assertEquals(60_000, sum / count, 10_000, "mean of " + count);
  }

  @Test
  void bandwidth_makesADownloadTakeAsLongAsItsBytesNeed() throws IOException {
    VirtualFleet fleet = fleet(Fault.of(Kind.BANDWIDTH, 1, 1000));
    fleet.loop.run(HOUR);
    order(fleet);
    fleet.loop.run(Duration.ofSeconds(90));
    assertTrue(
        fleet.statuses().values().stream()
            .allMatch(status -> status.getUpdate().getState() == UpdateState.DOWNLOADING),
        "100 KB take longer than 90 s");
    fleet.loop.run(Duration.ofSeconds(60));
    assertTrue(
        fleet.statuses().values().stream()
            .allMatch(status -> status.getUpdate().getState() == UpdateState.TRIAL),
        "but not 150 s");
  }

  @Test
  void flapping_happensAsOftenAsItSays_andOnlyWhenItSays() throws IOException {
    VirtualFleet fleet =
        fleet(between(Kind.FLAPPING, 48, HOUR.multipliedBy(6), HOUR.multipliedBy(12)));
    fleet.loop.run(HOUR.multipliedBy(6));
    assertEquals(0, connectionsLost(fleet));
    fleet.loop.run(HOUR.multipliedBy(6));
    assertEquals(DEVICES * 12.0, connectionsLost(fleet), 60, "48 a day for a quarter of a day");
    long then = connectionsLost(fleet);
    fleet.loop.run(HOUR.multipliedBy(6));
    assertEquals(then, connectionsLost(fleet));
    fleet.finish();
    requireNothingLost(fleet);
  }

  @Test
  void reconnectStorm_breaksAllConnectionsAtOnce_andAllComeBack() throws IOException {
    VirtualFleet fleet = fleet(between(Kind.RECONNECT_STORM, 1, HOUR, HOUR.multipliedBy(2)));
    fleet.loop.run(HOUR.minusMillis(1));
    assertEquals(DEVICES, fleet.connected.size());
    fleet.loop.run(Duration.ofMillis(1));
    assertEquals(0, fleet.connected.size());
    fleet.loop.run(Duration.ofSeconds(2));
    assertEquals(DEVICES, fleet.connected.size());
    fleet.finish();
    requireNothingLost(fleet);
  }

  @Test
  void gatewayLoss_movesItsDevicesToTheOthers() throws IOException {
    VirtualFleet fleet = fleet(between(Kind.GATEWAY_LOSS, .5, HOUR, HOUR.multipliedBy(2)));
    fleet.loop.run(HOUR);
    assertEquals(DEVICES / 2, fleet.connected.size());
    fleet.loop.run(Duration.ofMinutes(5));
    assertEquals(DEVICES, fleet.connected.size());
    fleet.finish();
    requireNothingLost(fleet);
  }

  @Test
  void lossOfAllGateways_isSurvivedByEveryHeartbeat() throws IOException {
    VirtualFleet fleet = fleet(between(Kind.GATEWAY_LOSS, 1, HOUR, HOUR.multipliedBy(5)));
    fleet.loop.run(HOUR.multipliedBy(4));
    assertEquals(0, fleet.connected.size());
    fleet.loop.run(HOUR.multipliedBy(2));
    assertEquals(DEVICES, fleet.connected.size());
    fleet.finish();
    requireNothingLost(fleet);
  }

  @Test
  void worldThatStopsWhileGatewaysAreAway_stillHearsEverything() throws IOException {
    VirtualFleet fleet = fleet(between(Kind.GATEWAY_LOSS, 1, HOUR, HOUR.multipliedBy(50)));
    fleet.loop.run(HOUR.multipliedBy(4));
    fleet.finish();
    requireNothingLost(fleet);
  }

  @Test
  void clockSkew_movesIntervalsOfItsShareOfTheDevices_andNothingElse() throws IOException {
    VirtualFleet fleet = fleet(Fault.of(Kind.CLOCK_SKEW, .5, -5400));
    VirtualFleet right = fleet();
    for (VirtualFleet each : List.of(fleet, right)) {
      each.loop.run(HOUR.multipliedBy(3));
      each.finish();
    }
    requireNothingLost(fleet);
    Set<Long> errors = new HashSet<>();
    int skewed = 0;
    for (int i = 0; i < fleet.heartbeats().size(); i++) {
      Heartbeat beat = fleet.heartbeats().get(i);
      long error = beat.getIntervalStartMs() - right.heartbeats().get(i).getIntervalStartMs();
      errors.add(error);
      skewed += error == 0 ? 0 : 1;
    }
    assertEquals(Set.of(0L, -5_400_000L), errors);
    assertEquals(.5, (double) skewed / fleet.heartbeats().size(), .25);
    assertEquals(
        right.services.ledger().snapshot(), fleet.services.ledger().snapshot(), "same events");
  }

  @Test
  void clockReset_beginsIntervalsIn1970_untilTheClockIsSynchronised() throws IOException {
    VirtualFleet fleet = fleet(Fault.of(Kind.CLOCK_RESET, 4));
    fleet.loop.run(HOUR.multipliedBy(24));
    fleet.finish();
    requireNothingLost(fleet);
    long reset =
        fleet.heartbeats().stream()
            .filter(beat -> beat.getIntervalStartMs() < HOUR.toMillis())
            .count();
    double share = (double) reset / fleet.heartbeats().size();
    assertEquals(4 / 24.0, share, .06, "an hour after each of four resets a day");
  }

  @Test
  void powerLossInDownload_cutsAtThatByte_andTheUpdateGoesOnFromThere() throws IOException {
    VirtualFleet fleet = fleet(Fault.of(Kind.POWER_LOSS_IN_DOWNLOAD, 1, 50_000));
    fleet.loop.run(HOUR);
    order(fleet);
    fleet.loop.run(Duration.ofSeconds(5));
    assertEquals(DEVICES, fleet.services.tally().powerCuts());
    assertTrue(fleet.devices.stream().allMatch(it -> it.whereabouts() == Whereabouts.DARK));
    fleet.loop.run(HOUR.multipliedBy(2));
    fleet.finish();
    assertEquals(DEVICES, fleet.services.tally().powerCuts(), "once for each update");
    assertEquals((long) DEVICES, fleet.services.tally().devicesByRelease().get("test:1.1.0"));
    requireBalance(fleet);
  }

  @Test
  void powerLoss_destroysWhatWasNotTold_toTheCount() throws IOException {
    VirtualFleet fleet = fleet(Fault.of(Kind.POWER_LOSS, 6));
    fleet.loop.run(HOUR.multipliedBy(24));
    fleet.finish();
    assertEquals(6.0 * DEVICES, fleet.services.tally().powerCuts(), 40);
    requireBalance(fleet);
    assertNotEquals(Map.of(), fleet.services.ledger().destroyed());
    long told = fleet.heartbeats().stream().mapToInt(Heartbeat::getUnexpectedReboots).sum();
    assertEquals(fleet.services.tally().powerCuts(), told, 15, "devices tell of their reboots");
  }

  @Test
  void fullFlash_failsTheUpdateWithItsCode_onItsShareOfTheDevices() throws IOException {
    VirtualFleet fleet = fleet(Fault.of(Kind.FULL_FLASH, .5, 1000));
    fleet.loop.run(HOUR);
    order(fleet);
    fleet.loop.run(HOUR);
    int full = 0;
    for (DeviceStatus status : fleet.statuses().values()) {
      boolean failed = status.getUpdate().getState() == UpdateState.FAILED;
      full += failed ? 1 : 0;
      assertEquals(
          failed ? UpdateResult.NOT_ENOUGH_FLASH : UpdateResult.SUCCESS,
          status.getUpdate().getResult(),
          status.toString());
    }
    assertEquals(DEVICES / 2.0, full, 6);
  }

  @Test
  void reorderedHeartbeats_arriveAfterTheNextOne_andAllAreCounted() throws IOException {
    VirtualFleet fleet = fleet(Fault.of(Kind.REORDERED_HEARTBEAT, .2));
    fleet.loop.run(HOUR.multipliedBy(24));
    fleet.finish();
    requireNothingLost(fleet);
    int overtaken = 0;
    Map<String, Integer> newest = new HashMap<>();
    for (VirtualFleet.Published message : fleet.published) {
      if (message.channel() == Channel.HEARTBEAT) {
        int sequence = Heartbeat.parseFrom(message.payload()).getSequence();
        int before = newest.merge(message.id().toString(), sequence, Math::max);
        overtaken += sequence < before ? 1 : 0;
      }
    }
    double share = (double) overtaken / fleet.services.tally().heartbeatsAcknowledged();
    assertEquals(1 / 6.0, share, .04, "a fifth of those that follow one that was not held back");
  }

  @Test
  void reorderedHeartbeat_survivesOnePowerCutInTheRelay() throws IOException {
    VirtualFleet fleet =
        fleet(Fault.of(Kind.REORDERED_HEARTBEAT, .5), Fault.of(Kind.POWER_LOSS, 10));
    fleet.loop.run(HOUR.multipliedBy(24));
    fleet.finish();
    requireBalance(fleet);
  }

  @Test
  void brick_isTheEndOfTheDevice_afterItsUpdate() throws IOException {
    VirtualFleet fleet = fleet(Fault.of(Kind.BRICK, .5));
    fleet.loop.run(HOUR);
    order(fleet);
    fleet.loop.run(HOUR.multipliedBy(3));
    long bricked = fleet.services.ledger().fates().bricked();
    assertEquals(DEVICES / 2.0, bricked, 6);
    assertEquals(DEVICES - bricked, fleet.connected.size());
    assertEquals(
        bricked,
        fleet.devices.stream().filter(it -> it.whereabouts() == Whereabouts.BRICKED).count());
    fleet.finish();
    requireBalance(fleet);
  }

  @Test
  void batteryAgeing_makesTheSameEnergyCostMoreOfTheCharge() throws IOException {
    VirtualFleet aged = fleet(Fault.of(Kind.BATTERY_AGEING, 1, .2));
    VirtualFleet fresh = fleet();
    for (VirtualFleet each : List.of(aged, fresh)) {
      each.loop.run(HOUR.multipliedBy(72));
      each.published.clear();
      each.loop.run(HOUR.multipliedBy(24));
      each.finish();
    }
    assertEquals(Math.pow(.8, -3.5), perHour(aged) / perHour(fresh), .15, "after three days");
  }

  private static double perHour(VirtualFleet fleet) throws IOException {
    double drop = 0;
    double millis = 0;
    for (Heartbeat beat : fleet.heartbeats()) {
      drop += beat.getBatterySocPctDrop();
      millis += beat.getBatteryDischargeDurationMs();
    }
    return drop / millis;
  }

  @Test
  void faultOfOneGroup_sparesTheOthers() throws IOException {
    DeviceGroup all = DeviceGroup.standard(10);
    List<DeviceGroup> groups =
        List.of(
            new DeviceGroup(
                "a", 10, all.mix(), all.fidelity(), all.battery(), all.churn(), List.of()),
            new DeviceGroup(
                "b", 10, all.mix(), all.fidelity(), all.battery(), all.churn(), List.of()));
    Fault ofB =
        new Fault(Kind.POWER_LOSS, 50, 0, Duration.ZERO, HOUR.multipliedBy(99), Set.of("b"));
    Scenario scenario =
        Scenario.standard(1, ONE.signed().manifest().release())
            .withGroups(groups)
            .withFaults(List.of(ofB));
    VirtualFleet fleet = new VirtualFleet(scenario, ONE);
    fleet.loop.run(HOUR.multipliedBy(24));
    Set<Integer> rebooted = new HashSet<>();
    for (VirtualFleet.Published message : fleet.published) {
      if (message.channel() == Channel.HEARTBEAT
          && Heartbeat.parseFrom(message.payload()).getUnexpectedReboots() > 0) {
        rebooted.add(Integer.parseInt(message.id().device().substring("sim-".length())));
      }
    }
    assertEquals(10, rebooted.size());
    assertTrue(rebooted.stream().allMatch(index -> index >= 10), rebooted.toString());
  }

  @Test
  void whatOneFaultDraws_doesNotShiftAnother() throws IOException {
    Fault flapping = Fault.of(Kind.FLAPPING, 24);
    VirtualFleet alone = fleet(flapping);
    VirtualFleet together =
        fleet(flapping, Fault.of(Kind.DUPLICATE_HEARTBEAT, .5), Fault.of(Kind.CLOCK_SKEW, .5, 60));
    for (VirtualFleet each : List.of(alone, together)) {
      each.loop.run(HOUR.multipliedBy(24));
    }
    assertEquals(connectionsLost(alone), connectionsLost(together));
    assertEquals(
        alone.services.ledger().snapshot().happened(),
        together.services.ledger().snapshot().happened());
  }
}
