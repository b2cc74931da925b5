package dev.earshot.ndp.chip;

import dev.earshot.ndp.ModelSummary;
import java.util.Locale;

/**
 * Something that a chip has only so much of.
 *
 * @param quantity what is limited
 * @param most the largest value that still fits
 * @param source where the figure comes from
 */
public record Limit(Quantity quantity, long most, String source) {
  public Limit {
    if (most < 1) {
      throw new IllegalArgumentException(quantity + ": " + most + " (expected: >= 1)");
    }
  }

  /** What of a model is held against a limit. */
  public enum Quantity {
    /** Weights, biases and activations together, in bytes. */
    NETWORK_BYTES("network (weights and activations)") {
      @Override
      long of(ModelSummary model) {
        return model.weightBytes() + model.arenaBytes();
      }

      @Override
      public String text(long value) {
        // Rounded up, so that what exceeds a limit by a byte does not look equal to it.
        return (value + 1023) / 1024 + " KiB";
      }
    },
    /** Bits of the widest weight. */
    WEIGHT_BITS("weight bits") {
      @Override
      long of(ModelSummary model) {
        return model.steps().stream().mapToInt(ModelSummary.Step::weightBits).max().orElse(0);
      }
    },
    /** Bits of the widest activation. */
    ACTIVATION_BITS("activation bits") {
      @Override
      long of(ModelSummary model) {
        return model.activationBits();
      }
    },
    /** Elements of weights and biases. */
    PARAMETERS("parameters") {
      @Override
      long of(ModelSummary model) {
        return model.parameters();
      }
    },
    /** Layers with weights. */
    LAYERS("layers") {
      @Override
      long of(ModelSummary model) {
        return model.steps().stream().filter(step -> step.parameters() > 0).count();
      }
    },
    /** Elements of the model's input. */
    INPUTS("inputs") {
      @Override
      long of(ModelSummary model) {
        return model.input().shape().elements();
      }
    },
    /** Outputs of the widest layer before the last. */
    HIDDEN_WIDTH("widest hidden layer") {
      @Override
      long of(ModelSummary model) {
        var layers = model.steps().stream().filter(step -> step.parameters() > 0).toList();
        return layers.stream()
            .limit(Math.max(0, layers.size() - 1))
            .mapToLong(step -> step.output().elements())
            .max()
            .orElse(0);
      }
    },
    /** Elements of the model's output. */
    CLASSES("classes") {
      @Override
      long of(ModelSummary model) {
        return model.output().shape().elements();
      }
    };

    private final String words;

    Quantity(String words) {
      this.words = words;
    }

    abstract long of(ModelSummary model);

    /** With its unit, for people. */
    public String text(long value) {
      return String.format(Locale.ROOT, "%,d", value);
    }

    /** What people call it. */
    public String words() {
      return words;
    }
  }
}
