package dev.earshot.rollout.gate;

/**
 * The sums of both arms of one stratum, from the same rates and settings.
 *
 * @param treated devices that received the release
 * @param control devices held back
 */
public record TwoArms(ArmSums treated, ArmSums control) {
  /** Of no device. */
  public static final TwoArms NONE = new TwoArms(ArmSums.NONE, ArmSums.NONE);

  /** The sums over the devices of both. */
  public TwoArms plus(TwoArms other) {
    return new TwoArms(treated.plus(other.treated), control.plus(other.control));
  }
}
