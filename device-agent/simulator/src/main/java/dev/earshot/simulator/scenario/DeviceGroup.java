package dev.earshot.simulator.scenario;

import dev.earshot.protocol.document.Checks;
import dev.earshot.protocol.v1.Environment;
import dev.earshot.simulator.world.PopulationMix;
import java.time.Duration;
import java.util.List;

/**
 * Devices of one kind.
 *
 * @param name how faults scope to it, unique in the scenario; 1 to 64 characters
 * @param count how many, 1 to 1000000
 * @param mix what they are made of: environments, regions, firmware, chip, habits
 * @param fidelity how what they hear is simulated
 * @param battery their cell
 * @param churn how they come and go
 * @param moves between environments, such as a phone that goes into the car
 */
public record DeviceGroup(
    String name,
    int count,
    PopulationMix mix,
    Fidelity fidelity,
    Battery battery,
    Churn churn,
    List<Move> moves) {
  /** The most devices that a scenario can have. */
  public static final int MOST_DEVICES = 1_000_000;

  public DeviceGroup {
    moves = List.copyOf(moves);
    new Checks()
        .require(
            !name.isBlank() && name.length() <= 64, "name", "'" + name + "'", "1 to 64 characters")
        .require(count >= 1 && count <= MOST_DEVICES, "count", count, "1 to 1000000")
        .done();
  }

  /** Devices of the standard mix that stay on, and where they are. */
  public static DeviceGroup standard(int count) {
    return new DeviceGroup(
        "all",
        count,
        PopulationMix.standard(),
        Fidelity.RATES,
        Battery.STANDARD,
        Churn.NONE,
        List.of());
  }

  /** How what a device hears is simulated; the three agree with one another in the mean. */
  public enum Fidelity {
    /** Waveforms through front end and engine. */
    AUDIO,
    /** Every score drawn from the release's measured score distributions. */
    SCORES,
    /** Counts drawn from the release's measured rates at its threshold. */
    RATES
  }

  /**
   * A cell.
   *
   * @param capacityMilliwattHours when new, above 0 to 1000000
   * @param health share of that capacity that is left at the start, above 0 and at most 1
   */
  public record Battery(double capacityMilliwattHours, double health) {
    /** A new 300 mAh lithium cell at 3.7 V. */
    public static final Battery STANDARD = new Battery(1110, 1);

    public Battery {
      new Checks()
          .require(
              capacityMilliwattHours > 0 && capacityMilliwattHours <= 1e6,
              "battery.capacity_mwh",
              capacityMilliwattHours,
              "above 0 to 1000000")
          .require(health > 0 && health <= 1, "battery.health", health, "above 0 to 1")
          .done();
    }
  }

  /**
   * How devices come and go. Who leaves is switched off in order: it ends its interval and waits up
   * to a minute until what it has to tell is acknowledged.
   *
   * @param leavesPerDay how often a device is switched off in a day of fleet time; 0: never; to
   *     1000
   * @param awayFor mean fleet time until it is switched on again, exponentially distributed
   */
  public record Churn(double leavesPerDay, Duration awayFor) {
    /** Nobody leaves. */
    public static final Churn NONE = new Churn(0, Duration.ofHours(1));

    public Churn {
      new Checks()
          .require(
              leavesPerDay >= 0 && leavesPerDay <= 1000,
              "churn.leaves_per_day",
              leavesPerDay,
              "0 to 1000")
          .positive("churn.away_for", awayFor)
          .done();
    }
  }

  /**
   * A habit of moving.
   *
   * @param from where a device of this group may be when it begins
   * @param to where it goes, another place
   * @param perDay how often in a day of fleet time, while it is there; above 0 to 1000
   * @param stay mean fleet time until it is back, exponentially distributed
   */
  public record Move(Environment from, Environment to, double perDay, Duration stay) {
    public Move {
      new Checks()
          .fit(from != to, "to", ScenarioWords.of(to), "another environment than from", "from")
          .require(perDay > 0 && perDay <= 1000, "per_day", perDay, "above 0 to 1000")
          .positive("stay", stay)
          .done();
    }
  }
}
