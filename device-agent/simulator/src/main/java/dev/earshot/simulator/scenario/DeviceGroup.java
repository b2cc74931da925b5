package dev.earshot.simulator.scenario;

import dev.earshot.protocol.v1.Environment;
import dev.earshot.simulator.world.PopulationMix;
import java.time.Duration;
import java.util.List;

/**
 * Devices of one kind.
 *
 * @param name how faults scope to it, unique in the scenario
 * @param count how many
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
  public DeviceGroup {
    moves = List.copyOf(moves);
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
   * @param capacityMilliwattHours when new
   * @param health share of that capacity that is left at the start, above 0 and at most 1
   */
  public record Battery(double capacityMilliwattHours, double health) {}

  /**
   * How devices come and go.
   *
   * @param leavesPerDay how often a device is switched off in a day of fleet time; 0: never
   * @param awayFor mean fleet time until it is switched on again
   */
  public record Churn(double leavesPerDay, Duration awayFor) {
    /** Nobody leaves. */
    public static final Churn NONE = new Churn(0, Duration.ZERO);
  }

  /**
   * A habit of moving.
   *
   * @param from where a device of this group may be when it begins
   * @param to where it goes
   * @param perDay how often in a day of fleet time, while it is there
   * @param stay mean fleet time until it is back
   */
  public record Move(Environment from, Environment to, double perDay, Duration stay) {}
}
