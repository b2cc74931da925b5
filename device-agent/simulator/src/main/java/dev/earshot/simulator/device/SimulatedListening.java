package dev.earshot.simulator.device;

import dev.earshot.agent.port.ActiveModel;
import dev.earshot.agent.port.Listening;
import dev.earshot.agent.port.Timers;
import dev.earshot.protocol.release.ReleaseManifest;
import dev.earshot.protocol.v1.Environment;
import dev.earshot.protocol.v1.Heartbeat;
import dev.earshot.protocol.v1.SelfTest;
import dev.earshot.simulator.registry.UnknownModelException;
import dev.earshot.simulator.truth.Counts;
import dev.earshot.simulator.world.Behaviour;
import dev.earshot.simulator.world.DeviceWorld;
import dev.earshot.simulator.world.Impairment;
import dev.earshot.simulator.world.Interval;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A device's ear during one boot: lets time pass in its world, books what happens in the ledger and
 * hands it to the agent. Used on the device's loop.
 */
final class SimulatedListening implements Listening {
  private final FleetServices fleet;
  private final DeviceWorld world;
  private final Timers timers;
  private final long bootFleetMillis;
  private final long bootMonotonicMillis;
  private final BiConsumer<String, Impairment> listens;
  private int unreportedReboots;
  private long passedMillis;
  private long intervalStartMillis;
  private boolean over;
  private long drainedListeningMillis;
  private long drainedInferences;
  private int seenWakes;
  private long lastWakeSeenMillis;
  private @Nullable Model model;

  private record Model(ActiveModel active, Behaviour behaviour) {
    String release() {
      return active.manifest().release().toString();
    }
  }

  /**
   * @param unexpectedReboots 1 when this boot follows a power cut or a crash, else 0
   * @param listens hears which release listens, and what is wrong with it here
   */
  SimulatedListening(
      FleetServices fleet,
      DeviceWorld world,
      Timers timers,
      int unexpectedReboots,
      BiConsumer<String, Impairment> listens) {
    this.listens = listens;
    this.fleet = fleet;
    this.world = world;
    this.timers = timers;
    this.unreportedReboots = unexpectedReboots;
    this.bootFleetMillis = fleet.clock().millis();
    this.bootMonotonicMillis = timers.monotonicMillis();
    this.passedMillis = bootMonotonicMillis;
    this.intervalStartMillis = bootMonotonicMillis;
    this.lastWakeSeenMillis = bootMonotonicMillis;
    world.startInterval();
  }

  @Override
  public SelfTestResult selfTest(ReleaseManifest manifest, byte[] bytes, SelfTest vectors) {
    try {
      var _ = fleet.catalogue().behaviour(manifest, environment());
    } catch (IllegalArgumentException e) {
      return new SelfTestResult.Failed(String.valueOf(e.getMessage()));
    }
    return fleet.selfTests().run(manifest, bytes, vectors, world.device().attributes().getChip());
  }

  @Override
  public void use(ActiveModel active) {
    Behaviour behaviour = fleet.catalogue().behaviour(active.manifest(), environment());
    letTimePass();
    world.use(active);
    String release = active.manifest().release().toString();
    Model before = model;
    if (before == null) {
      intervalStartMillis = passedMillis;
      if (unreportedReboots > 0) {
        fleet.ledger().happened(release, environment(), Counts.ofReboots(unreportedReboots));
      }
    }
    fleet.tally().releaseChanged(before == null ? null : before.release(), release);
    drainedListeningMillis = -world.interval().listeningMillis();
    drainedInferences = -world.interval().inferences();
    model = new Model(active, behaviour);
    listens.accept(release, behaviour.impairment());
  }

  /** Whether it is known how the model that listens behaves there; true without a model. */
  boolean canMoveTo(Environment place) {
    Model listening = model;
    if (listening == null) {
      return true;
    }
    try {
      var _ = fleet.catalogue().behaviour(listening.active().manifest(), place);
      return true;
    } catch (UnknownModelException e) {
      return false;
    }
  }

  /** The device has been moved; the interval before was closed. */
  void moved() {
    letTimePass();
    Model listening = model;
    if (listening != null) {
      ActiveModel active = listening.active();
      Behaviour behaviour = fleet.catalogue().behaviour(active.manifest(), environment());
      model = new Model(active, behaviour);
      listens.accept(listening.release(), behaviour.impairment());
    }
  }

  @Override
  public void drain(Heartbeat.Builder into) {
    letTimePass();
    long lengthMillis = passedMillis - intervalStartMillis;
    intervalStartMillis = passedMillis;
    Interval interval = world.interval();
    seeWakes(interval);
    seenWakes = 0;
    drainedListeningMillis += interval.listeningMillis();
    drainedInferences += interval.inferences();
    into.setEnvironment(environment())
        .setListeningMs((int) interval.listeningMillis())
        .setWakes(interval.wakes())
        .setFalseAccepts(interval.falseAccepts())
        .setSuspectedFalseRejects(interval.suspectedFalseRejects())
        .addAllConfirmedWakeScores(interval.peaks(Interval.Peak.CONFIRMED_WAKE))
        .addAllFalseAcceptScores(interval.peaks(Interval.Peak.FALSE_ACCEPT))
        .addAllSuspectedFalseRejectScores(interval.peaks(Interval.Peak.SUSPECTED_FALSE_REJECT))
        .addAllNearMissScores(interval.peaks(Interval.Peak.NEAR_MISS))
        .setInferences(interval.inferences())
        .setNdpEnergyUj(interval.chipMicrojoules())
        .setBatterySocPct((float) world.batteryPercent())
        .setBatterySocPctDrop((float) interval.socDropPercent())
        .setBatteryDischargeDurationMs((int) interval.dischargeMillis())
        .setCharging(world.charging())
        .setOperationalCrashfreeMs((int) lengthMillis);
    if (model != null) { // before the first model the agent makes no heartbeat of what it drains
      into.setUnexpectedReboots(unreportedReboots);
      unreportedReboots = 0;
    }
    if (interval.inferences() > 0) {
      for (int bucket = 0; bucket < 32; bucket++) {
        into.addScoreHistogram((int) interval.score(bucket));
      }
      for (int bucket = 0; bucket < interval.latencyBucket(); bucket++) {
        into.addInferenceUsHistogram(0);
      }
      into.addInferenceUsHistogram((int) interval.inferences());
    }
    var _ = book(lengthMillis);
  }

  /** A wake since the last look may have been just now: the quiet is at least as long as told. */
  @Override
  public Vitals vitals() {
    letTimePass();
    Interval interval = world.interval();
    seeWakes(interval);
    return new Vitals(
        drainedListeningMillis + interval.listeningMillis(),
        drainedInferences + interval.inferences(),
        passedMillis - lastWakeSeenMillis);
  }

  private void seeWakes(Interval interval) {
    if (interval.wakes() != seenWakes) {
      seenWakes = interval.wakes();
      lastWakeSeenMillis = passedMillis;
    }
  }

  /** The power fails: what happened since the last heartbeat happened, but is lost. */
  void lose() {
    letTimePass();
    // After the end nothing happened, not even operation without a crash.
    long lostMillis = over ? 0 : passedMillis - intervalStartMillis;
    Counts lost = over ? Counts.NONE : book(lostMillis);
    Model was = model;
    if (was != null) {
      if (lostMillis > 0) {
        fleet.ledger().intervalLost();
      }
      fleet
          .ledger()
          .destroyed(was.release(), environment(), lost.plus(Counts.ofReboots(unreportedReboots)));
      fleet.tally().releaseChanged(was.release(), null);
      model = null;
    }
  }

  /** From now on nothing happens any more in this device's world. */
  void end() {
    letTimePass();
    over = true;
  }

  private void letTimePass() {
    long now = timers.monotonicMillis();
    Model listening = model;
    if (listening != null && !over) {
      world.advance(fleetMillis(passedMillis), fleetMillis(now), listening.behaviour());
    }
    passedMillis = now;
  }

  private Counts book(long lengthMillis) {
    Model listened = model;
    Counts counts = Counts.NONE;
    if (listened != null) {
      Interval interval = world.interval();
      counts =
          new Counts(
              interval.listeningMillis(),
              interval.wakes(),
              interval.falseAccepts(),
              interval.suspectedFalseRejects(),
              interval.inferences(),
              interval.chipMicrojoules(),
              Counts.millionths((float) interval.socDropPercent()),
              interval.dischargeMillis(),
              lengthMillis,
              0);
      fleet.ledger().happened(listened.release(), environment(), counts);
    }
    world.startInterval();
    return counts;
  }

  private long fleetMillis(long monotonicMillis) {
    return bootFleetMillis + monotonicMillis - bootMonotonicMillis;
  }

  private Environment environment() {
    return world.environment();
  }
}
