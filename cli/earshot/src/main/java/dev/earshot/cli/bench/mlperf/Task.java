package dev.earshot.cli.bench.mlperf;

import dev.earshot.ndp.NdpModel;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** A task of MLPerf Tiny, with what the closed division asks for. */
enum Task {
  KEYWORD_SPOTTING("keyword spotting", "kws", 490, 12, 0.90, 1000),
  VISUAL_WAKE_WORDS("visual wake words", "vww", 96 * 96 * 3, 2, 0.80, 1000),
  IMAGE_CLASSIFICATION("image classification", "ic", 32 * 32 * 3, 10, 0.85, 200),
  ANOMALY_DETECTION("anomaly detection", "ad", 640, 640, 0.85, 72),
  STREAMING_WAKE_WORD("streaming wake word", "sww", 30 * 40, 3, Double.NaN, 1);

  private final String title;
  private final String prefix;
  private final int inputs;
  private final int outputs;
  private final double target;
  private final int evaluationInputs;

  Task(String title, String prefix, int inputs, int outputs, double target, int evaluationInputs) {
    this.title = title;
    this.prefix = prefix;
    this.inputs = inputs;
    this.outputs = outputs;
    this.target = target;
    this.evaluationInputs = evaluationInputs;
  }

  /** The task that a model's input and output fit; the five differ in both. */
  static Optional<Task> of(NdpModel model) {
    return Arrays.stream(values())
        .filter(task -> task.inputs == model.inputElements())
        .filter(task -> task.outputs == model.outputElements())
        .findFirst();
  }

  /** What input and output of each task look like, for people whose model is none of them. */
  static String shapes() {
    return Arrays.stream(values())
        .map(task -> task.title + " " + task.inputs + " -> " + task.outputs)
        .collect(Collectors.joining(", "));
  }

  /** Whether its outputs are scores of classes, one of which is an input's label. */
  boolean classifies() {
    return switch (this) {
      case KEYWORD_SPOTTING, VISUAL_WAKE_WORDS, IMAGE_CLASSIFICATION -> true;
      case ANOMALY_DETECTION, STREAMING_WAKE_WORD -> false;
    };
  }

  /** What the closed division asks for. */
  String targetText() {
    return switch (this) {
      case KEYWORD_SPOTTING, VISUAL_WAKE_WORDS, IMAGE_CLASSIFICATION ->
          ">= " + Math.round(100 * target) + " % top-1";
      case ANOMALY_DETECTION -> "AUC >= " + target;
      case STREAMING_WAKE_WORD -> "FN, FP <= 8";
    };
  }

  /** As the benchmark calls it. */
  String title() {
    return title;
  }

  /** What its files begin with; with {@code 01} behind it, its folder among the benchmark's. */
  String prefix() {
    return prefix;
  }

  /** Least accuracy or area under the curve, 0 to 1; not a number where false wakes are counted. */
  double target() {
    return target;
  }

  /** Inputs of the benchmark's evaluation set: with fewer, the target is not decided. */
  int evaluationInputs() {
    return evaluationInputs;
  }
}
