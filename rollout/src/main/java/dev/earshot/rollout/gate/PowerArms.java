package dev.earshot.rollout.gate;

/**
 * Both arms of one stratum.
 *
 * @param treated devices that received the release
 * @param control devices held back
 */
public record PowerArms(PowerSums treated, PowerSums control) {
  /** Of no device. */
  public static final PowerArms NONE = new PowerArms(PowerSums.NONE, PowerSums.NONE);

  /** The sums over the devices of both. */
  public PowerArms plus(PowerArms other) {
    return new PowerArms(treated.plus(other.treated), control.plus(other.control));
  }
}
