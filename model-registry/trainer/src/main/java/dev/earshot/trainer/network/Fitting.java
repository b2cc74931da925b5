package dev.earshot.trainer.network;

import dev.earshot.trainer.audio.Seeds;
import dev.earshot.trainer.scene.WindowSet;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * Fits a network to a set of windows: each epoch draws wakes, talk and silence in fixed shares, and
 * between epochs the worst false accepts are looked for ("hard negative mining") and drawn more
 * often from then on.
 */
public final class Fitting {
  private static final int HARD_LIMIT = 12_000;
  private static final int MINED = 80_000;
  private static final double HARD_LOGIT_MARGIN = -3.5;

  private final WindowSet windows;
  private final int elements;
  private final Plan plan;
  private final RandomGenerator random;
  private final int[] wakes;
  private final int[] silence;
  private final int[] unknown;
  private int[] hard = new int[0];

  /**
   * How to train.
   *
   * @param epochs passes of {@code windowsPerEpoch} windows
   * @param labelSmoothing probability given to the wrong classes
   * @param miningRounds how often hard negatives are looked for, evenly spread over the epochs
   */
  public record Plan(
      int epochs,
      int windowsPerEpoch,
      int batchSize,
      double learningRate,
      double labelSmoothing,
      int miningRounds) {}

  /** Told after each epoch. */
  public interface Listener {
    void epoch(int done, int total, double loss, int hardNegatives);
  }

  public Fitting(WindowSet windows, Plan plan, long seed) {
    this.windows = windows;
    this.elements = Architecture.BINS * windows.frames();
    this.plan = plan;
    this.random = Seeds.random(seed, "fitting");
    this.wakes = windows.of(WindowSet.Label.WAKE);
    this.silence = windows.of(WindowSet.Label.SILENCE);
    this.unknown = windows.of(WindowSet.Label.UNKNOWN);
    if (wakes.length == 0 || silence.length == 0 || unknown.length == 0) {
      throw new IllegalArgumentException(
          "training: "
              + wakes.length
              + " wake, "
              + silence.length
              + " silent and "
              + unknown.length
              + " unknown windows (expected: some of each; more minutes in the recipe)");
    }
  }

  /** Trains from random weights. Takes minutes. */
  public FloatNetwork fit(Architecture architecture, long seed, Listener listener) {
    int batches = plan.windowsPerEpoch() / plan.batchSize();
    int steps = batches * plan.epochs();
    try (TorchTrainer torch =
        new TorchTrainer(architecture, Seeds.derive(seed, "weights"), plan.learningRate(), steps)) {
      for (int epoch = 0; epoch < plan.epochs(); epoch++) {
        if (miningBefore(epoch)) {
          hard = mine(torch);
        }
        double loss = 0;
        for (int b = 0; b < batches; b++) {
          loss += batch(torch);
        }
        listener.epoch(epoch + 1, plan.epochs(), loss / batches, hard.length);
      }
      return torch.network();
    }
  }

  private boolean miningBefore(int epoch) {
    int rounds = plan.miningRounds();
    return IntStream.rangeClosed(1, rounds)
        .anyMatch(r -> epoch == plan.epochs() * r / (rounds + 1));
  }

  private float batch(TorchTrainer torch) {
    float[] x = new float[plan.batchSize() * elements];
    float[] y = new float[plan.batchSize() * Architecture.CLASSES];
    float wrong = (float) (plan.labelSmoothing() / (Architecture.CLASSES - 1));
    Arrays.fill(y, wrong);
    for (int i = 0; i < plan.batchSize(); i++) {
      int window = draw();
      windows.transposed(window, x, i * elements);
      y[i * Architecture.CLASSES + windows.label(window).output()] =
          (float) (1 - plan.labelSmoothing());
    }
    return torch.step(x, y);
  }

  /** A quarter wakes; three tenths hard negatives once there are any; a tenth silence; talk. */
  private int draw() {
    double kind = random.nextDouble();
    int[] from;
    if (kind < 0.25) {
      from = wakes;
    } else if (kind < 0.55 && hard.length > 0) {
      from = hard;
    } else {
      from = kind > 0.9 ? silence : unknown;
    }
    return from[random.nextInt(from.length)];
  }

  /**
   * Of a fresh sample of the windows without the wake word, and of the hard ones so far, those
   * whose wake logit comes nearest to winning.
   */
  private int[] mine(TorchTrainer torch) {
    int[] candidates =
        IntStream.concat(
                Arrays.stream(hard),
                random
                    .ints(Math.min(MINED, unknown.length), 0, unknown.length)
                    .map(i -> unknown[i]))
            .distinct()
            .toArray();
    double[] margin = new double[candidates.length];
    int batch = 512;
    for (int from = 0; from < candidates.length; from += batch) {
      int count = Math.min(batch, candidates.length - from);
      float[] x = new float[count * elements];
      for (int i = 0; i < count; i++) {
        windows.transposed(candidates[from + i], x, i * elements);
      }
      float[] logits = torch.logits(x);
      for (int i = 0; i < count; i++) {
        int at = i * Architecture.CLASSES;
        margin[from + i] = logits[at] - Math.max(logits[at + 1], logits[at + 2]);
      }
    }
    return IntStream.range(0, candidates.length)
        .filter(i -> margin[i] > HARD_LOGIT_MARGIN)
        .boxed()
        .sorted((a, b) -> Double.compare(margin[b], margin[a]))
        .limit(HARD_LIMIT)
        .mapToInt(i -> candidates[i])
        .toArray();
  }
}
