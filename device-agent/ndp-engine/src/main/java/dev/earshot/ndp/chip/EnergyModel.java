package dev.earshot.ndp.chip;

/**
 * What a chip needs for running a network, in energy and time: a model calibrated on published
 * figures, not a measurement. Every number carries its error bar and says what it rests on.
 *
 * <p>Two ways of running are kept apart. A <em>single inference</em> is what MLPerf Tiny measures:
 * start, compute, stop. <em>Listening</em> is the chip's daily work: the front end and the network
 * run all the time, and the cost is a floor (idle, front end, per-frame overhead) plus the energy
 * of the multiply-accumulates.
 */
public sealed interface EnergyModel {
  /** Energy of a single inference in microjoules. */
  Estimate inferenceMicrojoules(long macs);

  /** Latency of a single inference in milliseconds. */
  Estimate inferenceMillis(long macs);

  /** Average power while listening without pause, in milliwatts. */
  Estimate listeningMilliwatts(long macs, double inferencesPerSecond);

  /**
   * Energy in microjoules of a stretch of listening, for counting: the floor for {@code
   * listeningMillis} plus {@code inferences} of {@code macs} each. The chip takes nothing while it
   * does not listen.
   */
  double listeningMicrojoules(long macs, long inferences, double listeningMillis);

  /** Average power of a device that listens for a share of the time, in milliwatts. */
  default Estimate averageMilliwatts(long macs, double inferencesPerSecond, double listeningShare) {
    if (!(listeningShare >= 0 && listeningShare <= 1)) {
      throw new IllegalArgumentException(
          "listeningShare: " + listeningShare + " (expected: 0 to 1)");
    }
    Estimate listening = listeningMilliwatts(macs, inferencesPerSecond);
    return new Estimate(
        listening.value() * listeningShare, listening.relativeError(), listening.basis());
  }

  /** The model of a chip. */
  static EnergyModel of(ChipProfile chip) {
    return switch (chip.id()) {
      case "ndp101" -> new Ndp101();
      case "ndp120" -> new Ndp120();
      default ->
          throw new IllegalArgumentException(
              "chip: " + chip.id() + " has no published energy figures");
    };
  }

  /**
   * NDP120 at 0.9 V for single inferences (a straight line through three published tasks), at 1.0 V
   * for listening (the published streaming wake-word result gives the floor).
   */
  final class Ndp120 implements EnergyModel {
    private static final LinearFit ENERGY =
        LinearFit.of(PublishedResult.NDP120_900_MILLIVOLTS, PublishedResult::microjoules);
    private static final LinearFit LATENCY =
        LinearFit.of(PublishedResult.NDP120_900_MILLIVOLTS, PublishedResult::millis);
    private static final LinearFit ENERGY_1100 =
        LinearFit.of(PublishedResult.NDP120_1100_MILLIVOLTS, PublishedResult::microjoules);

    /** Energy per operation grows with the square of the voltage: where 1.0 V lies between. */
    private static final double SHARE_OF_1100 = (1.0 - 0.81) / (1.21 - 0.81);

    private static final double MICROJOULES_PER_MAC_STREAMING =
        ENERGY.perMac() + SHARE_OF_1100 * (ENERGY_1100.perMac() - ENERGY.perMac());

    /** MLPerf Tiny v1.3, streaming wake word, NDP120 at 1.0 V and 49 MHz. */
    private static final double PUBLISHED_STREAMING_MILLIWATTS = 0.507;

    private static final long STREAMING_MACS = 826_368;
    private static final double STREAMING_INFERENCES_PER_SECOND = 31.25;

    /** Everything that is not multiply-accumulates, in milliwatts (microjoules per ms). */
    private static final double FLOOR_MILLIWATTS =
        PUBLISHED_STREAMING_MILLIWATTS
            - MICROJOULES_PER_MAC_STREAMING
                * STREAMING_MACS
                * STREAMING_INFERENCES_PER_SECOND
                / 1000;

    /** One published point cannot show its own error; models other than that one may be off. */
    private static final double STREAMING_ERROR = 0.20;

    private Ndp120() {}

    /** The line behind {@link #inferenceMicrojoules}, with its residuals. */
    public static LinearFit energyFit() {
      return ENERGY;
    }

    /** The line behind {@link #inferenceMillis}, with its residuals. */
    public static LinearFit latencyFit() {
      return LATENCY;
    }

    @Override
    public Estimate inferenceMicrojoules(long macs) {
      return new Estimate(
          ENERGY.at(macs),
          ENERGY.largestResidual(),
          "model, not a measurement: line through 3 MLPerf Tiny v1.0 results at 0.9 V");
    }

    @Override
    public Estimate inferenceMillis(long macs) {
      return new Estimate(
          LATENCY.at(macs),
          LATENCY.largestResidual(),
          "model, not a measurement: line through 3 MLPerf Tiny v1.0 results at 30.7 MHz");
    }

    @Override
    public Estimate listeningMilliwatts(long macs, double inferencesPerSecond) {
      return new Estimate(
          FLOOR_MILLIWATTS + MICROJOULES_PER_MAC_STREAMING * macs * inferencesPerSecond / 1000,
          STREAMING_ERROR,
          "model, not a measurement: floor from the MLPerf Tiny v1.3 streaming result at 1.0 V, "
              + "energy per MAC between the v1.0 results at 0.9 V and 1.1 V");
    }

    @Override
    public double listeningMicrojoules(long macs, long inferences, double listeningMillis) {
      return FLOOR_MILLIWATTS * listeningMillis + MICROJOULES_PER_MAC_STREAMING * macs * inferences;
    }
  }

  /**
   * NDP101: one figure is published, 140 microwatts always on, for its full network of 557,056
   * multiply-accumulates every 24 ms. What part of it the network takes is not known, so a smaller
   * network gets no credit: all of it is floor, and an inference counts as one frame of it.
   */
  final class Ndp101 implements EnergyModel {
    private static final double ALWAYS_ON_MILLIWATTS = 0.140;
    private static final double FRAME_MILLIS = 24;
    private static final double ERROR = 0.5;
    private static final String BASIS =
        "model, not a measurement: the published 140 uW always on, whatever the network";

    private Ndp101() {}

    @Override
    public Estimate inferenceMicrojoules(long macs) {
      return new Estimate(ALWAYS_ON_MILLIWATTS * FRAME_MILLIS, ERROR, BASIS);
    }

    @Override
    public Estimate inferenceMillis(long macs) {
      return new Estimate(
          FRAME_MILLIS, 1, "upper bound: an inference is done before the next frame, 24 ms later");
    }

    @Override
    public Estimate listeningMilliwatts(long macs, double inferencesPerSecond) {
      return new Estimate(ALWAYS_ON_MILLIWATTS, ERROR, BASIS);
    }

    @Override
    public double listeningMicrojoules(long macs, long inferences, double listeningMillis) {
      return ALWAYS_ON_MILLIWATTS * listeningMillis;
    }
  }
}
