package dev.earshot.cli.bench.mlperf;

import dev.earshot.ndp.NdpModel;
import dev.earshot.ndp.chip.ChipProfile;
import dev.earshot.ndp.chip.EnergyModel;
import dev.earshot.ndp.chip.Estimate;
import dev.earshot.ndp.chip.Fit;
import dev.earshot.ndp.chip.OperatingPoint;
import dev.earshot.ndp.chip.PublishedResult;
import dev.earshot.ndp.chip.Workload;
import java.util.List;
import java.util.Optional;

/**
 * What one inference of a model would take on the modelled chip, and what was published for the
 * same model there.
 *
 * @param points where the chip can run; the first is the most thrifty
 * @param listeningMilliwatts modelled average power while listening without pause, where the task
 *     is to listen
 * @param fit whether the chip can run the model at all
 */
record ChipCost(List<Point> points, Optional<Estimate> listeningMilliwatts, Fit fit) {
  private static final ChipProfile CHIP = ChipProfile.NDP120;
  private static final double STREAMING_INFERENCES_PER_SECOND = 31.25;

  /** Where a listening chip's power was published. */
  static final String LISTENING_POINT = CHIP.name() + ", 1.0 V, 49 MHz";

  /** Average power of the streaming wake word's reference model there, and on other devices. */
  static final String PUBLISHED_LISTENING =
      "published (v1.3) 0.507 mW; STM32U385 3.98 mW, STM32L4R5 25.6 mW";

  /**
   * A voltage and a clock.
   *
   * @param name for people
   * @param millis modelled latency of an inference
   * @param microjoules modelled energy of an inference
   * @param published what was measured there with this very model
   */
  record Point(
      String name, Estimate millis, Estimate microjoules, Optional<PublishedResult> published) {}

  ChipCost {
    points = List.copyOf(points);
    if (points.isEmpty()) {
      throw new IllegalArgumentException("points: none (expected: one at least)");
    }
  }

  static ChipCost of(NdpModel model, boolean listens) {
    Workload work = Workload.of(model.summary());
    EnergyModel energy = EnergyModel.of(CHIP);
    return new ChipCost(
        energy.operatingPoints().stream().map(point -> point(point, work)).toList(),
        listens
            ? Optional.of(energy.listeningMilliwatts(work, STREAMING_INFERENCES_PER_SECOND))
            : Optional.empty(),
        Fit.of(model, CHIP));
  }

  private static Point point(OperatingPoint point, Workload work) {
    return new Point(
        point.name(), point.millis(work), point.microjoules(work), point.published(work));
  }

  /** What others published for a task, on other devices than this chip. */
  static List<PublishedResult> elsewhere(Task task) {
    return PublishedResult.ALL.stream()
        .filter(result -> result.task().equals(task.title()))
        .filter(result -> !result.system().equals(CHIP.name()))
        .toList();
  }

  /** The point that models are compared at. */
  Point thrifty() {
    return points.getFirst();
  }

  /** Why the chip can't run the model; empty when it can. */
  List<String> misfits() {
    return switch (fit) {
      case Fit.Fits fits -> List.of();
      case Fit.Exceeds exceeds -> exceeds.reasons();
    };
  }
}
