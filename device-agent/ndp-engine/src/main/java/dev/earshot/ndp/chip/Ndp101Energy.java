package dev.earshot.ndp.chip;

import dev.earshot.ndp.chip.Parameter.Origin;
import java.util.List;
import java.util.OptionalDouble;

/**
 * NDP101: one figure is published for it, 140 microwatts always on, and one for its family, 200.
 * Neither tells what part of it the network takes, so a smaller network gets no credit: all of it
 * is floor, and an inference counts as one frame of it. The error bar reaches down to a chip that
 * spends everything on its network, and up to the other figure.
 */
final class Ndp101Energy implements EnergyModel {
  private static final double ALWAYS_ON_MILLIWATTS = 0.140;

  /** Microprocessor Report, 18 March 2019: NDP10x "consume just 200 uW". */
  private static final double FAMILY_MILLIWATTS = 0.200;

  private static final double FRAME_MILLIS = 24;

  /** 1600 to 256 to 256 to 256 to 64, which is taken to be what the published power is for. */
  private static final double FULL_NETWORK_MACS = 1600 * 256 + 2 * 256 * 256 + 256 * 64;

  private static final String BASIS =
      "model, not a measurement: the published 140 uW always on, whatever the network";

  @Override
  public Estimate inferenceMicrojoules(Workload work) {
    return alwaysOn(work).times(FRAME_MILLIS);
  }

  @Override
  public Estimate inferenceMillis(Workload work) {
    return new Estimate(
        FRAME_MILLIS,
        0,
        FRAME_MILLIS,
        "upper bound: an inference is done before the next frame, 24 ms later");
  }

  @Override
  public Estimate listeningMilliwatts(
      Workload work, double framesPerSecond, double inferencesPerSecond) {
    return alwaysOn(work);
  }

  private static Estimate alwaysOn(Workload work) {
    double share = Math.min(1, work.macs() / FULL_NETWORK_MACS);
    return new Estimate(
        ALWAYS_ON_MILLIWATTS, share * ALWAYS_ON_MILLIWATTS, FAMILY_MILLIWATTS, BASIS);
  }

  @Override
  public double listeningMicrojoules(Workload work, long inferences, double listeningMillis) {
    return ALWAYS_ON_MILLIWATTS * listeningMillis;
  }

  @Override
  public OptionalDouble computingShare(Workload work, double inferencesPerSecond) {
    return OptionalDouble.empty();
  }

  @Override
  public double mostIdleMilliwatts() {
    return ALWAYS_ON_MILLIWATTS;
  }

  @Override
  public List<OperatingPoint> operatingPoints() {
    return List.of();
  }

  @Override
  public List<Parameter> parameters() {
    String together = "only the sum of all is published";
    double frameMicrojoules = ALWAYS_ON_MILLIWATTS * FRAME_MILLIS;
    return List.of(
        new Parameter(
            "power always on",
            1000 * ALWAYS_ON_MILLIWATTS,
            "uW",
            Origin.FIXED,
            "published by the maker for keyword spotting; nothing was fitted"),
        new Parameter(
            "energy per MAC with its weight",
            1e6 * frameMicrojoules / FULL_NETWORK_MACS,
            "pJ",
            Origin.BOUND,
            together + "; a fully connected layer fetches a weight for each MAC"),
        new Parameter(
            "energy per frame of the front end", frameMicrojoules, "uJ", Origin.BOUND, together),
        new Parameter("idle power", 1000 * ALWAYS_ON_MILLIWATTS, "uW", Origin.BOUND, together));
  }
}
