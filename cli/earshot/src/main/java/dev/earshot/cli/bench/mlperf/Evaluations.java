package dev.earshot.cli.bench.mlperf;

import dev.earshot.cli.bench.mlperf.Quality.TopOne;
import dev.earshot.cli.bench.mlperf.Quality.Unknown;
import dev.earshot.cli.bench.mlperf.Quality.Wakes;
import dev.earshot.ndp.DetectionSink;
import dev.earshot.ndp.Inference;
import dev.earshot.ndp.NdpModel;
import dev.earshot.ndp.WakeWordEngine;
import dev.earshot.ndp.detector.Detection;
import dev.earshot.ndp.detector.DetectorParameters;
import dev.earshot.ndp.graph.Quantization;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Runs a model on what the data folder has for its task. */
final class Evaluations {
  /** The benchmark's threshold of P(word). */
  private static final double WAKE_PROBABILITY = 0.95;

  private static final int ARBITRARY_INPUTS = 16;

  private final DataFolder data;

  Evaluations(DataFolder data) {
    this.data = data;
  }

  /** How well the model does its task. */
  Quality of(Task task, NdpModel model) {
    return switch (task) {
      case KEYWORD_SPOTTING, VISUAL_WAKE_WORDS, IMAGE_CLASSIFICATION ->
          LabelledInputs.of(data, task, model)
              .<Quality>map(inputs -> topOne(task, model, inputs))
              .orElseGet(Evaluations::noLabels);
      case ANOMALY_DETECTION ->
          data.labels(task)
              .map(LabelFile::read)
              .flatMap(labels -> AnomalyErrors.of(model, labels).curve(task))
              .orElseGet(Evaluations::noLabels);
      case STREAMING_WAKE_WORD -> wakes(model);
    };
  }

  private static Quality noLabels() {
    return new Unknown("no labelled data");
  }

  private static TopOne topOne(Task task, NdpModel model, LabelledInputs inputs) {
    Inference inference = model.newInference();
    byte[] output = new byte[model.outputElements()];
    int right = 0;
    for (Example example : inputs.examples()) {
      inference.run(example.input(), 0, output, 0);
      if (largest(output) == example.label()) {
        right++;
      }
    }
    return new TopOne(right, inputs.examples().size(), task.target(), task.evaluationInputs());
  }

  /** The first of the largest. */
  static int largest(byte[] values) {
    int best = 0;
    for (int i = 1; i < values.length; i++) {
      if (values[i] > values[best]) {
        best = i;
      }
    }
    return best;
  }

  private Quality wakes(NdpModel model) {
    Recordings recordings = Recordings.in(data.audio());
    if (recordings.all().isEmpty()) {
      return new Unknown(
          recordings.missing().isEmpty()
              ? "no recordings with detection windows"
              : "recordings are missing: " + String.join(", ", recordings.missing()));
    }
    return new Wakes(
        recordings.all().stream()
            .map(recording -> WakeCounts.of(recording, detections(model, recording)))
            .toList());
  }

  /** Which of a recording's inferences say that the word was spoken. */
  private static List<Integer> detections(NdpModel model, Recording recording) {
    Quantization quantization = model.output().requireQuantization();
    List<Integer> detections = new ArrayList<>();
    DetectionSink sink =
        new DetectionSink() {
          @Override
          public void onScore(long frameIndex, int score) {
            double probability = (score - quantization.zeroPoint()) * (double) quantization.scale();
            if (probability > WAKE_PROBABILITY) {
              detections.add((int) frameIndex - Recording.WINDOW_FRAMES + 1);
            }
          }

          @Override
          public void onDetection(Detection detection) {
            // The benchmark's rules debounce in their own way.
          }
        };
    short[] samples = Recordings.samples(recording.wav());
    new WakeWordEngine(model, Recording.FRONT_END, DetectorParameters.STREAMING_WAKE_WORD)
        .accept(samples, 0, samples.length, sink);
    return detections;
  }

  /**
   * Inputs to measure latency with: those of the task where the data folder has them, else
   * arbitrary ones. What an inference takes does not depend on its input.
   */
  List<byte[]> inputs(@Nullable Task task, NdpModel model) {
    Optional<LabelledInputs> labelled =
        task == null || !task.classifies()
            ? Optional.empty()
            : LabelledInputs.of(data, task, model);
    if (labelled.isPresent()) {
      return labelled.get().examples().stream().map(Example::input).toList();
    }
    Random random = new Random(1);
    return Stream.generate(
            () -> {
              byte[] input = new byte[model.inputElements()];
              random.nextBytes(input);
              return input;
            })
        .limit(ARBITRARY_INPUTS)
        .toList();
  }
}
