package dev.earshot.ndp.vector;

import dev.earshot.ndp.graph.ElementType;
import dev.earshot.ndp.graph.Quantization;
import dev.earshot.ndp.graph.Shape;
import dev.earshot.ndp.graph.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The weights of an operator by output, tap and input, without zero point. */
final class Filters {
  private final int[] values;
  private final int[] bias;
  private final int taps;
  private final int inputs;
  private final int zeroPoint;

  private Filters(int[] values, int[] bias, int taps, int inputs, int zeroPoint) {
    this.values = values;
    this.bias = bias;
    this.taps = taps;
    this.inputs = inputs;
    this.zeroPoint = zeroPoint;
  }

  /** Stored as [output][tap][input]. */
  static Filters of(Tensor weights, @Nullable Tensor bias, int outputs) {
    byte[] stored = weights.weightValues();
    Shape shape = weights.shape();
    int inputs = shape.dimension(shape.rank() - 1);
    int zeroPoint = weights.requireQuantization().zeroPoint();
    int[] values = new int[stored.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = stored[i] - zeroPoint;
    }
    int taps = stored.length / outputs / inputs;
    return new Filters(values, biases(bias, outputs), taps, inputs, zeroPoint);
  }

  /** Stored as [tap][channel]: each output has one input. */
  static Filters ofEach(Tensor weights, @Nullable Tensor bias, int channels) {
    byte[] stored = weights.weightValues();
    int taps = stored.length / channels;
    int[] values = new int[stored.length];
    for (int i = 0; i < values.length; i++) {
      values[i % channels * taps + i / channels] = stored[i];
    }
    return new Filters(values, biases(bias, channels), taps, 1, 0);
  }

  private static int[] biases(@Nullable Tensor bias, int outputs) {
    return bias == null ? new int[outputs] : bias.int32Values();
  }

  /** Inputs of each output: all channels of the input, or one. */
  int inputs() {
    return inputs;
  }

  int outputs() {
    return bias.length;
  }

  /** What an output's sum starts with. */
  int bias(int output) {
    return bias[output];
  }

  /** Lets an output's sum start with that much more. */
  void addToBias(int output, int more) {
    bias[output] += more;
  }

  private int at(int output, int tap, int input) {
    return values[(output * taps + tap) * inputs + input];
  }

  boolean isZero(int output, int input) {
    for (int tap = 0; tap < taps; tap++) {
      if (at(output, tap, input) != 0) {
        return false;
      }
    }
    return true;
  }

  /** The sum over the taps. */
  int sum(int output, int input) {
    int sum = 0;
    for (int tap = 0; tap < taps; tap++) {
      sum += at(output, tap, input);
    }
    return sum;
  }

  Tensor weights(Tensor old, int[] outputs, int[] kept, Shape shape) {
    ByteBuffer bytes = ByteBuffer.allocate(outputs.length * taps * kept.length);
    for (int o : outputs) {
      for (int tap = 0; tap < taps; tap++) {
        for (int i : kept) {
          bytes.put((byte) (at(o, tap, i) + zeroPoint));
        }
      }
    }
    return stored(old, shape, outputs, bytes.flip());
  }

  Tensor weightsOfEach(Tensor old, int[] kept) {
    ByteBuffer bytes = ByteBuffer.allocate(taps * kept.length);
    for (int tap = 0; tap < taps; tap++) {
      for (int c : kept) {
        bytes.put((byte) at(c, tap, 0));
      }
    }
    Shape shape = old.shape();
    Shape narrow = Shape.of(1, shape.dimension(1), shape.dimension(2), kept.length);
    return stored(old, narrow, kept, bytes.flip());
  }

  private static Tensor stored(Tensor old, Shape shape, int[] kept, ByteBuffer bytes) {
    Quantization all = old.requireQuantization();
    Quantization quantization = all;
    if (all.isPerChannel()) {
      List<Float> scales = new ArrayList<>();
      List<Integer> zeroPoints = new ArrayList<>();
      for (int c : kept) {
        scales.add(all.scale(c));
        zeroPoints.add(all.zeroPoints().get(c));
      }
      quantization = new Quantization(scales, zeroPoints, all.axis());
    }
    return new Tensor(old.index(), old.name(), ElementType.INT8, shape, quantization, bytes);
  }

  /** The bias, which may have come to be only now. */
  Tensor bias(@Nullable Tensor old, Tensor weights, int[] kept) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * kept.length).order(ByteOrder.LITTLE_ENDIAN);
    for (int c : kept) {
      bytes.putInt(bias[c]);
    }
    Tensor label = old == null ? weights : old;
    return new Tensor(
        label.index(), label.name(), ElementType.INT32, Shape.of(kept.length), null, bytes.flip());
  }
}
