package dev.earshot.ndp.chip;

import dev.earshot.ndp.chip.Parameter.Origin;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/**
 * NDP120: at 0.9 V for single inferences (three published tasks), at 1.0 V for listening (the
 * published streaming wake-word result gives the floor, the costs of MACs and weights lie between
 * those at 0.9 V and 1.1 V).
 */
final class Ndp120Energy implements EnergyModel {
  /** Frames of the front end in the published streaming result: 16 kHz, 512 samples. */
  static final double STREAMING_FRAMES_PER_SECOND = 31.25;

  /** MLPerf Tiny v1.3, streaming wake word, NDP120 at 1.0 V and 49 MHz. */
  private static final double PUBLISHED_STREAMING_MILLIWATTS = 0.507;

  private static final double STREAMING_MEGAHERTZ = 49;

  /** The benchmark's streaming model; one inference for each frame. */
  private static final Workload STREAMING = new Workload(826_368, 46_883);

  /** One published point cannot show its own error: our judgement, as a share of the power. */
  private static final double STREAMING_ERROR = 0.20;

  /** Energy of an operation grows with the square of the voltage: where 1.0 V lies between. */
  private static final double SHARE_OF_1100 = (1.0 - 0.81) / (1.21 - 0.81);

  private static final List<OperatingPoint> POINTS = OperatingPoint.of("Syntiant NDP120");
  private static final OperatingPoint AT_900 = POINTS.get(0);
  private static final OperatingPoint AT_1100 = POINTS.get(1);

  private static final Streaming GIVEN = Streaming.between(AT_900.energyFit(), AT_1100.energyFit());

  /** Without any cost of a weight, and with the one that the results like best. */
  private static final List<Streaming> ALTERNATIVES = alternatives();

  private static final double ERROR_PER_MAC =
      Math.max(AT_900.energyFit().relativeErrorPerMac(), AT_1100.energyFit().relativeErrorPerMac());

  private static final String LISTENING_BASIS =
      "model, not a measurement: floor from the MLPerf Tiny v1.3 streaming result at 1.0 V, costs of"
          + " MACs and weights between those of the v1.0 results at 0.9 V and 1.1 V";

  /**
   * Costs while listening at 1.0 V, in microjoules, and the power that is left for everything else.
   */
  private record Streaming(double perMac, double perWeight, double floorMilliwatts) {
    static Streaming between(CostFit low, CostFit high) {
      double perMac = low.perMac() + SHARE_OF_1100 * (high.perMac() - low.perMac());
      double perWeight = low.perWeight() + SHARE_OF_1100 * (high.perWeight() - low.perWeight());
      double network = perMac * STREAMING.macs() + perWeight * STREAMING.weights();
      return new Streaming(
          perMac,
          perWeight,
          PUBLISHED_STREAMING_MILLIWATTS - network * STREAMING_FRAMES_PER_SECOND / 1000);
    }

    double microjoules(Workload work) {
      return perMac * work.macs() + perWeight * work.weights();
    }

    /**
     * @param idleShare share of the floor that is there without frames
     */
    double milliwatts(Workload work, double frames, double inferences, double idleShare) {
      double ofFrames = (1 - idleShare) * frames / STREAMING_FRAMES_PER_SECOND;
      return floorMilliwatts * (idleShare + ofFrames) + microjoules(work) * inferences / 1000;
    }
  }

  private static List<Streaming> alternatives() {
    List<Streaming> alternatives = new ArrayList<>(List.of(GIVEN));
    List<CostFit> low = OperatingPoint.alternatives(AT_900.energyFit());
    List<CostFit> high = OperatingPoint.alternatives(AT_1100.energyFit());
    for (int i = 0; i < Math.min(low.size(), high.size()); i++) {
      alternatives.add(Streaming.between(low.get(i), high.get(i)));
    }
    return alternatives;
  }

  @Override
  public Estimate inferenceMicrojoules(Workload work) {
    return AT_900.microjoules(work);
  }

  @Override
  public Estimate inferenceMillis(Workload work) {
    return AT_900.millis(work);
  }

  @Override
  public Estimate listeningMilliwatts(
      Workload work, double framesPerSecond, double inferencesPerSecond) {
    double value = GIVEN.milliwatts(work, framesPerSecond, inferencesPerSecond, 0.5);
    double[] others =
        ALTERNATIVES.stream()
            .flatMap(
                costs ->
                    Stream.of(0.0, 1.0)
                        .map(
                            idleShare ->
                                costs.milliwatts(
                                    work, framesPerSecond, inferencesPerSecond, idleShare)))
            .mapToDouble(Double::doubleValue)
            .sorted()
            .toArray();
    // The published model itself is met, whatever a MAC costs; others by how much they differ.
    double differingMacs =
        Math.abs(
            work.macs() * inferencesPerSecond - STREAMING.macs() * STREAMING_FRAMES_PER_SECOND);
    double slope = ERROR_PER_MAC * GIVEN.perMac() * differingMacs / 1000;
    return Estimate.around(
        value,
        Math.hypot(slope, STREAMING_ERROR * value),
        others[0],
        others[others.length - 1],
        LISTENING_BASIS);
  }

  @Override
  public double listeningMicrojoules(Workload work, long inferences, double listeningMillis) {
    return GIVEN.floorMilliwatts() * listeningMillis + GIVEN.microjoules(work) * inferences;
  }

  /**
   * By the line through the latencies at 0.9 V, at the clock of the streaming result and without
   * what every single inference has, which a chip that never stops does not pay. For the
   * benchmark's streaming model that is 2.1 %; published are 2.18 %, which went into nothing here.
   */
  @Override
  public OptionalDouble computingShare(Workload work, double inferencesPerSecond) {
    double clocks = AT_900.results().getFirst().megahertz().orElseThrow() / STREAMING_MEGAHERTZ;
    double millis = AT_900.latencyFit().perMac() * work.macs() * clocks;
    return OptionalDouble.of(millis * inferencesPerSecond / 1000);
  }

  @Override
  public double mostIdleMilliwatts() {
    return ALTERNATIVES.stream().mapToDouble(Streaming::floorMilliwatts).max().orElseThrow();
  }

  @Override
  public List<OperatingPoint> operatingPoints() {
    return POINTS;
  }

  @Override
  public List<Parameter> parameters() {
    List<Parameter> parameters = new ArrayList<>();
    for (OperatingPoint point : POINTS) {
      double volts = point.results().getFirst().volts().orElseThrow();
      CostFit energy = point.energyFit();
      parameters.add(
          new Parameter(
              "energy of any inference at " + volts + " V",
              energy.fixed(),
              "uJ",
              Origin.FITTED,
              "wake-up, input and output"));
      parameters.add(
          new Parameter(
              "energy per MAC at " + volts + " V",
              1e6 * energy.perMac(),
              "pJ",
              Origin.FITTED,
              "with the activations moved for it"));
      parameters.add(
          new Parameter(
              "energy per weight fetched at " + volts + " V",
              1e6 * energy.perWeight(),
              "pJ",
              Origin.FIXED,
              "a byte out of 1 MB of SRAM in 45 nm, Horowitz, ISSCC 2014, by the square of the voltage;"
                  + " the three results alone would like %.1f best, with no residual left"
                      .formatted(1e6 * energy.solved().perWeight())));
    }
    double floor = GIVEN.floorMilliwatts();
    parameters.add(
        new Parameter(
            "floor while listening at 1.0 V",
            floor,
            "mW",
            Origin.FITTED,
            "idle power and 31.25 frames a second together: one published power"));
    parameters.add(
        new Parameter(
            "idle power at 1.0 V",
            floor,
            "mW",
            Origin.BOUND,
            "if a frame of the front end were free"));
    parameters.add(
        new Parameter(
            "energy per frame of the front end at 1.0 V",
            1000 * floor / STREAMING_FRAMES_PER_SECOND,
            "uJ",
            Origin.BOUND,
            "if idling were free"));
    return parameters;
  }
}
