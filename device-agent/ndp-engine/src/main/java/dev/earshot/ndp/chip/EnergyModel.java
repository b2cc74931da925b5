package dev.earshot.ndp.chip;

import java.util.List;
import java.util.OptionalDouble;

/**
 * What a chip needs for running a network, in energy and time: a model calibrated on published
 * figures, not a measurement. Every number carries its error bar and says what it rests on.
 *
 * <p>Two ways of running are kept apart. A <em>single inference</em> is what MLPerf Tiny measures:
 * start, compute, stop. <em>Listening</em> is the chip's daily work: the front end and the network
 * run all the time, and the cost is a floor (idle, front end, per-frame overhead) plus the energy
 * of the multiply-accumulates and of the weights fetched for them.
 */
public sealed interface EnergyModel permits Ndp101Energy, Ndp120Energy {
  /** Energy of a single inference in microjoules. */
  Estimate inferenceMicrojoules(Workload work);

  /** Latency of a single inference in milliseconds. */
  Estimate inferenceMillis(Workload work);

  /**
   * Average power while listening without pause, in milliwatts.
   *
   * @param framesPerSecond of the front end
   * @param inferencesPerSecond at most as many
   */
  Estimate listeningMilliwatts(Workload work, double framesPerSecond, double inferencesPerSecond);

  /** The same with the front end of MLPerf Tiny's streaming wake word, 31.25 frames a second. */
  default Estimate listeningMilliwatts(Workload work, double inferencesPerSecond) {
    return listeningMilliwatts(work, Ndp120Energy.STREAMING_FRAMES_PER_SECOND, inferencesPerSecond);
  }

  /**
   * Energy in microjoules of a stretch of listening, for counting: the floor for {@code
   * listeningMillis} plus {@code inferences} of {@code work} each. The chip takes nothing while it
   * does not listen.
   */
  double listeningMicrojoules(Workload work, long inferences, double listeningMillis);

  /**
   * Average power of a device that listens for a share of the time, in milliwatts. The chip is off
   * for the rest; the error bar allows for one that idles instead.
   */
  default Estimate averageMilliwatts(
      Workload work, double inferencesPerSecond, double listeningShare) {
    if (!(listeningShare >= 0 && listeningShare <= 1)) {
      throw new IllegalArgumentException(
          "listeningShare: " + listeningShare + " (expected: 0 to 1)");
    }
    Estimate listening = listeningMilliwatts(work, inferencesPerSecond).times(listeningShare);
    double idle = (1 - listeningShare) * mostIdleMilliwatts();
    return new Estimate(
        listening.value(), listening.low(), listening.high() + idle, listening.basis());
  }

  /**
   * The share of the time that the network computes while listening; above 1 it can't keep up.
   * Empty where too little is published to tell.
   */
  OptionalDouble computingShare(Workload work, double inferencesPerSecond);

  /** The most that the chip can take when it neither listens nor computes, in milliwatts. */
  double mostIdleMilliwatts();

  /** Where single inferences of this chip were published; empty when nowhere. */
  List<OperatingPoint> operatingPoints();

  /** The numbers that the model consists of. */
  List<Parameter> parameters();

  /** The model of a chip. */
  static EnergyModel of(ChipProfile chip) {
    return switch (chip.id()) {
      case "ndp101" -> new Ndp101Energy();
      case "ndp120" -> new Ndp120Energy();
      default ->
          throw new IllegalArgumentException(
              "chip: " + chip.id() + " has no published energy figures");
    };
  }
}
