package dev.earshot.simulator.virtual;

import dev.earshot.protocol.DeviceId;
import dev.earshot.protocol.MqttTopic.Channel;
import dev.earshot.protocol.v1.DeviceCommand;
import dev.earshot.protocol.v1.RolloutEvent;
import dev.earshot.protocol.v1.SessionEvent;
import dev.earshot.simulator.device.SimulatedDevice;
import dev.earshot.simulator.report.RolloutMove;
import dev.earshot.simulator.scenario.Scenario;
import dev.earshot.simulator.scenario.Scenario.PlannedRollout;
import dev.earshot.simulator.truth.HeartbeatFates;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * A scenario from its beginning to its end, in virtual time and on the calling thread. The backend
 * looks at the clock at fixed moments; between two of them the devices live. In the end the world
 * stops, every device reports what it has, and the backend looks once more.
 */
public final class VirtualRun {
  /** What the fleet's clock shows when a scenario begins. */
  public static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private static final Duration SHORTEST_LOOK = Duration.ofMinutes(1);
  private static final Duration LONGEST_LOOK = Duration.ofMinutes(5);

  /** Looks in a heartbeat interval: what gates see changes with heartbeats only. */
  private static final int LOOKS = 3;

  /** The longest that the last heartbeats may take: retries are over by then many times. */
  private static final Duration LAST_WORDS = Duration.ofHours(1);

  private static final Duration LAST_WORDS_STEP = Duration.ofMinutes(1);

  private final Scenario scenario;
  private final VirtualLoop loop;
  private final VirtualGateway gateway;
  private final Backend backend;
  private final List<Observer> observers;
  private final VirtualDevices devices;
  private final EventLog log = new EventLog();
  private final Decided decided = new Decided();
  private final List<RolloutMove> moves = new ArrayList<>();

  /** Watches a run without taking part in it. */
  public interface Observer {
    /** The gateway took over a message; the bytes are never modified. */
    default void message(DeviceId id, Channel channel, byte[] payload, long atMillis) {}

    /** A rollout's audit trail grew. */
    default void decided(RolloutEvent event, long atMillis) {}

    /** The backend has looked at the clock. */
    default void looked(long atMillis) {}
  }

  /**
   * Prepares a run; nothing happens yet.
   *
   * @param loop its time; the backend's, too
   * @throws IOException when the scenario's factory release is not among the files
   */
  public VirtualRun(
      Scenario scenario,
      VirtualLoop loop,
      VirtualSupply supply,
      Backend backend,
      List<Observer> observers)
      throws IOException {
    this.scenario = scenario;
    this.loop = loop;
    this.backend = backend;
    this.observers = List.copyOf(observers);
    this.gateway = new VirtualGateway(loop, new Arrivals());
    this.devices = VirtualDevices.of(scenario, loop, supply, gateway);
  }

  /** How often the backend looks at the clock in that scenario. */
  public static Duration lookEvery(Scenario scenario) {
    Duration wanted = scenario.heartbeatInterval().dividedBy(LOOKS);
    Duration shortest = wanted.compareTo(SHORTEST_LOOK) < 0 ? SHORTEST_LOOK : wanted;
    return shortest.compareTo(LONGEST_LOOK) > 0 ? LONGEST_LOOK : shortest;
  }

  /** Lets it all happen. */
  public VirtualOutcome run() {
    devices.switchOn(loop);
    for (PlannedRollout rollout : scenario.rollouts()) {
      var _ = loop.afterFleet(rollout.at(), () -> backend.create(rollout, decided));
    }
    long end = scenario.duration().toMillis();
    long step = lookEvery(scenario).toMillis();
    for (long next = step; next < end; next += step) {
      passUntil(next);
    }
    passUntil(end);
    quiesce();
    return outcome();
  }

  private void passUntil(long millis) {
    loop.runUntil(millis);
    backend.look(decided);
    observers.forEach(observer -> observer.looked(loop.millis()));
  }

  /** The world stops; what waits is sent. */
  private void quiesce() {
    devices.all().forEach(SimulatedDevice::finish);
    long deadline = loop.monotonicMillis() + LAST_WORDS.toMillis();
    while (loop.monotonicMillis() < deadline
        && !devices.all().stream().allMatch(SimulatedDevice::drained)) {
      loop.run(LAST_WORDS_STEP);
    }
    passUntil(loop.monotonicMillis() + LAST_WORDS_STEP.toMillis());
  }

  private VirtualOutcome outcome() {
    long made = 0;
    long acknowledged = 0;
    long dropped = 0;
    long waiting = 0;
    for (SimulatedDevice device : devices.all()) {
      made += device.heartbeats().heartbeatsMade();
      acknowledged += device.heartbeats().heartbeatsAcknowledged();
      dropped += device.heartbeats().heartbeatsDropped();
      waiting += device.unacknowledged();
    }
    return new VirtualOutcome(
        log.hash(),
        log.entries(),
        devices.services().ledger().snapshot(),
        devices.services().ledger().fates(),
        new HeartbeatFates(
            made, acknowledged, dropped, waiting, devices.services().ledger().lostIntervals()),
        devices.stats(),
        List.copyOf(moves));
  }

  private final class Arrivals implements VirtualGateway.Arrived {
    @Override
    public void message(DeviceId id, Channel channel, byte[] payload) {
      log.published(loop.millis(), id, channel, payload);
      observers.forEach(observer -> observer.message(id, channel, payload, loop.millis()));
      backend.message(id, channel, payload, decided);
    }

    @Override
    public void session(DeviceId id, SessionEvent event) {
      log.session(loop.millis(), id, event);
      backend.session(id, event, decided);
    }
  }

  private final class Decided implements Backend.Outputs {
    @Override
    public void command(DeviceId id, DeviceCommand command) {
      log.commanded(loop.millis(), id, command);
      gateway.deliver(id, command.toByteArray());
    }

    @Override
    public void decided(RolloutEvent event) {
      log.decided(loop.millis(), event);
      observers.forEach(observer -> observer.decided(event, loop.millis()));
    }

    @Override
    public void moved(String rollout, String state, int stage) {
      moves.add(
          new RolloutMove(
              rollout, state, stage, Duration.ofMillis(loop.monotonicMillis())));
    }
  }
}
