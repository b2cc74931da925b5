package dev.earshot.simulator.scenario;

import dev.earshot.protocol.document.Checks;
import dev.earshot.protocol.release.ReleaseRef;
import java.time.Duration;
import java.util.List;

/**
 * A fleet, its life and what is expected of it. With a seed, a scenario decides everything that
 * happens in virtual time.
 *
 * @param name for people and reports, 1 to 64 characters
 * @param seed of everything that is drawn
 * @param fleet the tenant that the devices belong to
 * @param factoryRelease what new devices leave the factory with
 * @param duration fleet time that is simulated
 * @param heartbeatInterval fleet time
 * @param arrival how devices are switched on
 * @param groups at least one; devices are numbered through the groups in their order
 * @param faults what goes wrong
 * @param regressions what is planted into releases
 * @param rollouts what operators start
 * @param expectations what must hold in the end
 */
public record Scenario(
    String name,
    long seed,
    String fleet,
    ReleaseRef factoryRelease,
    Duration duration,
    Duration heartbeatInterval,
    Arrival arrival,
    List<DeviceGroup> groups,
    List<Fault> faults,
    List<Regression> regressions,
    List<PlannedRollout> rollouts,
    List<Expectation> expectations) {
  public Scenario {
    groups = List.copyOf(groups);
    faults = List.copyOf(faults);
    regressions = List.copyOf(regressions);
    rollouts = List.copyOf(rollouts);
    expectations = List.copyOf(expectations);
    ScenarioChecks.check(
        name, fleet, duration, heartbeatInterval, groups, faults, rollouts, expectations);
  }

  /** A fleet of the standard mix in {@code home} that nothing happens to, seed 1. */
  public static Scenario standard(int devices, ReleaseRef factoryRelease) {
    return new Scenario(
        "standard",
        1,
        "home",
        factoryRelease,
        Duration.ofDays(1),
        Duration.ofMinutes(15),
        Arrival.STANDARD,
        List.of(DeviceGroup.standard(devices)),
        List.of(),
        List.of(),
        List.of(),
        List.of());
  }

  /** The same at another pace: heartbeat interval, and devices that come on in a second. */
  public Scenario withPace(Duration interval, int perSecond) {
    return new Scenario(
        name,
        seed,
        fleet,
        factoryRelease,
        duration,
        interval,
        new Arrival(arrival.shape(), arrival.over(), perSecond),
        groups,
        faults,
        regressions,
        rollouts,
        expectations);
  }

  /** The same with those faults. */
  public Scenario withFaults(List<Fault> others) {
    return new Scenario(
        name,
        seed,
        fleet,
        factoryRelease,
        duration,
        heartbeatInterval,
        arrival,
        groups,
        others,
        regressions,
        rollouts,
        expectations);
  }

  /** The same with those regressions. */
  public Scenario withRegressions(List<Regression> others) {
    return new Scenario(
        name,
        seed,
        fleet,
        factoryRelease,
        duration,
        heartbeatInterval,
        arrival,
        groups,
        faults,
        others,
        rollouts,
        expectations);
  }

  /** The same with those devices. */
  public Scenario withGroups(List<DeviceGroup> others) {
    return new Scenario(
        name,
        seed,
        fleet,
        factoryRelease,
        duration,
        heartbeatInterval,
        arrival,
        others,
        faults,
        regressions,
        rollouts,
        expectations);
  }

  /** The same of another tenant. */
  public Scenario withFleet(String other) {
    return new Scenario(
        name,
        seed,
        other,
        factoryRelease,
        duration,
        heartbeatInterval,
        arrival,
        groups,
        faults,
        regressions,
        rollouts,
        expectations);
  }

  /** The same with another seed. */
  public Scenario withSeed(long other) {
    return new Scenario(
        name,
        other,
        fleet,
        factoryRelease,
        duration,
        heartbeatInterval,
        arrival,
        groups,
        faults,
        regressions,
        rollouts,
        expectations);
  }

  /** How many devices there are in all groups. */
  public int devices() {
    return groups.stream().mapToInt(DeviceGroup::count).sum();
  }

  /**
   * How devices are switched on.
   *
   * @param shape how the rate develops
   * @param over fleet time in which all of them come on; zero: by {@code perSecond} alone
   * @param perSecond the most that come on in a machine second
   */
  public record Arrival(Shape shape, Duration over, int perSecond) {
    /** 200 devices a second. */
    public static final Arrival STANDARD = new Arrival(Shape.CONSTANT, Duration.ZERO, 200);

    public Arrival {
      new Checks()
          .notNegative("arrival.over", over, Checks.LONGEST)
          .require(
              perSecond >= 1 && perSecond <= 100_000,
              "arrival.per_second",
              perSecond,
              "1 to 100000")
          .done();
    }

    /** The share of the devices that want to be on after that fleet time, 0 to 1. */
    public double shareBy(long fleetMillis) {
      if (over.isZero()) {
        return 1;
      }
      double passed = Math.min(1, Math.max(1, fleetMillis) / (double) over.toMillis());
      return switch (shape) {
        case CONSTANT -> passed;
        case RAMP -> passed * passed; // the rate grows linearly, the count as its square
        case STORM -> 1;
      };
    }

    /** How the arrival rate develops over time. */
    public enum Shape {
      /** The same rate all the time. */
      CONSTANT,
      /** Grows from nothing, linearly. */
      RAMP,
      /** Everybody at once, as far as {@code perSecond} lets them. */
      STORM
    }
  }

  /**
   * A rollout that is started in the scenario.
   *
   * @param id how expectations name it
   * @param at fleet time from the start
   * @param plan the rollout's plan, YAML or JSON, as the rollout service takes it; its lines are
   *     numbered as in the scenario that it was written in
   */
  public record PlannedRollout(String id, Duration at, String plan) {
    /** What an id looks like; expectations name it. */
    static final String ID = "[A-Za-z0-9][A-Za-z0-9._-]{0,63}";

    public PlannedRollout {
      new Checks()
          .require(id.matches(ID), "id", "'" + id + "'", "1 to 64 letters, digits, dots, - and _")
          .notNegative("at", at, Checks.LONGEST)
          .require(!plan.isBlank(), "plan", "empty", "a plan")
          .done();
    }
  }
}
