package dev.earshot.trainer.recipe;

import dev.earshot.protocol.release.ReleaseRef;
import dev.earshot.trainer.network.Architecture;
import dev.earshot.trainer.noise.AcousticEnvironment;
import dev.earshot.trainer.quantize.WeightFormat;
import dev.earshot.trainer.speech.SpeechPool;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Everything that decides what a release becomes, and nothing else: the same recipe on the same
 * kind of machine gives the same files. Read by {@link RecipeReader}.
 *
 * @param release its name and version
 * @param counter release counter, only grows from release to release, at least 1
 * @param description one line for people, at most 200 characters
 * @param parent the release before, or null for the first
 * @param chips chips that it is made for
 * @param seed of everything random in training
 * @param speech who says how much in training
 * @param training what the network learns from and how
 * @param network its layers
 * @param calibration what the ranges of the activations are measured on
 * @param detector how scores become wakes, but for the threshold
 * @param threshold how the threshold is chosen
 * @param evaluation on how much audio the release is measured
 */
public record Recipe(
    ReleaseRef release,
    int counter,
    String description,
    @Nullable ReleaseRef parent,
    List<String> chips,
    long seed,
    SpeechPool.Size speech,
    Training training,
    Network network,
    Calibration calibration,
    Detector detector,
    Threshold threshold,
    Evaluation evaluation) {

  public Recipe {
    chips = List.copyOf(chips);
  }

  /**
   * What the network learns from, and how.
   *
   * @param talkMinutes of talk without the wake word, in each environment that has any
   * @param wakeMinutes of wake words, some 17 a minute, in each environment that has any
   * @param confusableShare share of the utterances that sound like the wake word, 0 to 1
   * @param voiceSpread how much voices are made smaller and larger, 0 to 0.3; see {@link
   *     dev.earshot.trainer.scene.SceneComposer.Style}
   * @param epochs passes, each over {@code windowsPerEpoch} windows
   * @param windowsPerEpoch a quarter of them with the wake word
   * @param batchSize windows for each step of the optimizer
   * @param learningRate of Adam at the start; falls to a hundredth along a cosine
   * @param labelSmoothing probability given to the wrong classes, 0 to 0.3
   * @param miningRounds how often the worst false accepts of the training talk are looked for, and
   *     shown more often from then on
   */
  public record Training(
      Map<AcousticEnvironment, Integer> talkMinutes,
      Map<AcousticEnvironment, Integer> wakeMinutes,
      double confusableShare,
      double voiceSpread,
      int epochs,
      int windowsPerEpoch,
      int batchSize,
      double learningRate,
      double labelSmoothing,
      int miningRounds) {
    public Training {
      talkMinutes = inOrder(talkMinutes);
      wakeMinutes = inOrder(wakeMinutes);
    }

    /** A copy that is walked in the order of the environments, so that results do not vary. */
    private static Map<AcousticEnvironment, Integer> inOrder(
        Map<AcousticEnvironment, Integer> minutes) {
      Map<AcousticEnvironment, Integer> copy = new EnumMap<>(AcousticEnvironment.class);
      copy.putAll(minutes);
      return Collections.unmodifiableMap(copy);
    }
  }

  /**
   * The layers, and how sharp their last word is.
   *
   * @param architecture the layers
   * @param weights in how many bits weights are stored
   * @param logitTemperature what the last layer is divided by before it is quantized, so that the
   *     scores near the threshold do not all fall on the largest int8; at least 0.1
   */
  public record Network(Architecture architecture, WeightFormat weights, double logitTemperature) {
    public Network {
      if (weights == WeightFormat.INT4 && architecture instanceof Architecture.Convolutional) {
        throw new IllegalArgumentException(
            "network.weights: int4 (expected: int8 for blocks of convolutions; chips with 4-bit"
                + " weights run hidden layers only)");
      }
    }
  }

  /** From which environments, and how many windows of them. */
  public record Calibration(List<AcousticEnvironment> environments, int windows) {
    public Calibration {
      environments = List.copyOf(environments);
    }
  }

  /** Averaging over inferences, and the pause after a wake. */
  public record Detector(int smoothingFrames, int refractoryMillis) {}

  /**
   * The lowest threshold at which the development set's false accepts an hour, all of these
   * environments together, are at most this many.
   *
   * @param minutes of development talk for each environment
   */
  public record Threshold(
      List<AcousticEnvironment> environments, int minutes, double falseAcceptsPerHour) {
    public Threshold {
      environments = List.copyOf(environments);
    }
  }

  /**
   * Always in every environment, whatever was trained on. Releases with the same figures here are
   * measured on the same audio, to the sample.
   *
   * @param seed of the evaluation's scenes
   * @param talkMinutes for each environment
   * @param wakeMinutes for each environment
   */
  public record Evaluation(long seed, int talkMinutes, int wakeMinutes) {}
}
