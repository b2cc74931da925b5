package dev.earshot.ndp.plan;

import dev.earshot.ndp.graph.ElementType;
import dev.earshot.ndp.graph.Quantization;
import dev.earshot.ndp.graph.Shape;
import dev.earshot.ndp.graph.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The weights of an operator by output, tap and input, without zero point. */
final class Filters {
  private final Tensor stored;
  private final int[] values;
  private final int[] bias;
  private final int taps;
  private final int inputs;
  private final int zeroPoint;
  private final boolean each;

  private Filters(
      Tensor stored, int[] values, int[] bias, int inputs, int zeroPoint, boolean each) {
    this.stored = stored;
    this.values = values;
    this.bias = bias;
    this.taps = values.length / bias.length / inputs;
    this.inputs = inputs;
    this.zeroPoint = zeroPoint;
    this.each = each;
  }

  /** Stored as [output][tap][input]. */
  static Filters of(Tensor weights, @Nullable Tensor bias, int outputs) {
    byte[] stored = weights.weightValues();
    Shape shape = weights.shape();
    int zeroPoint = weights.requireQuantization().zeroPoint();
    int[] values = new int[stored.length];
    Arrays.setAll(values, i -> stored[i] - zeroPoint);
    int inputs = shape.dimension(shape.rank() - 1);
    return new Filters(weights, values, Tensor.biases(bias, outputs), inputs, zeroPoint, false);
  }

  /** Stored as [tap][channel]: each output has one input, the channel of its own number. */
  static Filters ofEach(Tensor weights, @Nullable Tensor bias, int channels) {
    byte[] stored = weights.weightValues();
    int taps = stored.length / channels;
    int[] values = new int[stored.length];
    Arrays.setAll(values, i -> stored[i % taps * channels + i / taps]);
    return new Filters(weights, values, Tensor.biases(bias, channels), 1, 0, true);
  }

  /** Inputs of each output: all channels of the input, or one. */
  int inputs() {
    return inputs;
  }

  int outputs() {
    return bias.length;
  }

  /** The input's channel that an output's input i is. */
  int channel(int output, int i) {
    return each ? output : i;
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

  /** The weights of some outputs for some inputs. */
  Tensor weights(int[] keptOutputs, int[] keptInputs) {
    ByteBuffer bytes = ByteBuffer.allocate(keptOutputs.length * taps * keptInputs.length);
    for (int o : keptOutputs) {
      for (int tap = 0; tap < taps; tap++) {
        for (int i : keptInputs) {
          bytes.put((byte) (at(o, tap, i) + zeroPoint));
        }
      }
    }
    List<Integer> dimensions = new ArrayList<>(stored.shape().dimensions());
    dimensions.set(0, keptOutputs.length);
    dimensions.set(dimensions.size() - 1, keptInputs.length);
    return weights(new Shape(dimensions), keptOutputs, bytes.flip());
  }

  /** The weights of some outputs with an input each. */
  Tensor weightsOfEach(int[] kept) {
    ByteBuffer bytes = ByteBuffer.allocate(taps * kept.length);
    for (int tap = 0; tap < taps; tap++) {
      for (int c : kept) {
        bytes.put((byte) at(c, tap, 0));
      }
    }
    Shape shape = stored.shape();
    Shape narrow = Shape.of(1, shape.dimension(1), shape.dimension(2), kept.length);
    return weights(narrow, kept, bytes.flip());
  }

  private Tensor weights(Shape shape, int[] kept, ByteBuffer bytes) {
    Quantization all = stored.requireQuantization();
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
    return new Tensor(stored.index(), stored.name(), ElementType.INT8, shape, quantization, bytes);
  }

  /** The bias, which may have come to be only now. */
  Tensor bias(@Nullable Tensor old, int[] kept) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * kept.length).order(ByteOrder.LITTLE_ENDIAN);
    for (int c : kept) {
      bytes.putInt(bias[c]);
    }
    Tensor label = old == null ? stored : old;
    return new Tensor(
        label.index(), label.name(), ElementType.INT32, Shape.of(kept.length), null, bytes.flip());
  }
}
