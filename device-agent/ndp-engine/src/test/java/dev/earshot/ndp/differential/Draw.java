package dev.earshot.ndp.differential;

import com.google.flatbuffers.FlatBufferBuilder;
import dev.earshot.ndp.tflite.ModelFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.ToIntFunction;

/** A model file in the making and the dice that decide about it. */
final class Draw {
  /**
   * Nothing follows on a smaller scale: a step may shrink it a thousandfold, and in steps of 1e-9 a
   * 6 does not fit an int32, so that a RELU6 is refused.
   */
  static final float LEAST_SCALE = 1e-5f;

  private final ModelFile file = new ModelFile();
  private final SplittableRandom random;
  private final StringBuilder story = new StringBuilder();
  private byte[] remarkable = new byte[0];
  private int tensors;

  Draw(long seed) {
    random = new SplittableRandom(seed);
    story.append("seed ").append(seed);
  }

  /** {@code low} to {@code high}, both included. */
  int between(int low, int high) {
    return random.nextInt(low, high + 1);
  }

  /** True once in so many times. */
  boolean oneIn(int times) {
    return random.nextInt(times) == 0;
  }

  int oneOf(int... values) {
    return values[random.nextInt(values.length)];
  }

  /** {@code low} to {@code high}, each power of two as likely as the next. */
  float scale(double low, double high) {
    return (float) (low * Math.pow(high / low, random.nextDouble()));
  }

  int zeroPoint() {
    return oneIn(4) ? oneOf(-128, 0, 127) : between(-128, 127);
  }

  byte[] bytes(int count) {
    byte[] bytes = new byte[count];
    random.nextBytes(bytes);
    return bytes;
  }

  /** Weights: at times small, or as far out as they go, where sums of floats stop to be exact. */
  byte[] weightValues(int count) {
    byte[] values = bytes(count);
    int kind = between(0, 7);
    for (int i = 0; i < count; i++) {
      values[i] =
          switch (kind) {
            case 0 -> (byte) (values[i] < 0 ? -127 : 127);
            case 1 -> Byte.MIN_VALUE;
            case 2, 3 -> (byte) (values[i] / 8);
            default -> values[i];
          };
    }
    return values;
  }

  /** Values of the model's input for which something is to be seen. */
  void remarkable(byte[] values) {
    remarkable = values.clone();
  }

  /** A model's inputs: the extremes first, then what is remarkable. */
  byte[] inputValues(int count, int number) {
    if (number == 2 && remarkable.length == count) {
      return remarkable.clone();
    }
    byte[] values = bytes(count);
    if (number < 2) {
      Arrays.fill(values, number == 0 ? Byte.MIN_VALUE : Byte.MAX_VALUE);
    }
    return values;
  }

  /** 1 x height x width x channels: mostly small, at times wide or deep. */
  int[] image() {
    int channels = oneIn(4) ? oneOf(8, 16, 24, 32, 33, 64) : between(1, 9);
    return new int[] {1, between(1, oneIn(8) ? 30 : 9), between(1, 9), channels};
  }

  /** 1 x values. */
  int[] row() {
    return new int[] {1, oneIn(4) ? oneOf(16, 32, 64, 100, 128) : between(1, 20)};
  }

  /** A new activation; nothing writes it yet. */
  Port activation(float scale, int zeroPoint, int... shape) {
    return new Port(
        file.activation("t" + tensors++, scale, zeroPoint, shape), scale, zeroPoint, shape);
  }

  /** The same activation in float32, for the ports of a model. */
  Port real(Port quantized) {
    int tensor =
        file.tensor(
            "t" + tensors++,
            ModelFile.FLOAT32,
            quantized.shape(),
            new float[0],
            new long[0],
            0,
            null);
    return new Port(tensor, 0, 0, quantized.shape());
  }

  /** An int8 constant of random values that stands where an activation could. */
  Port constant(float scale, int zeroPoint, int... shape) {
    int elements = Arrays.stream(shape).reduce(1, (a, b) -> a * b);
    int tensor = weights(bytes(elements), new float[] {scale}, zeroPoint, 0, shape);
    return new Port(tensor, scale, zeroPoint, shape);
  }

  /** Int8 weights with one scale or one per channel along an axis; the index in the file. */
  int weights(byte[] values, float[] scales, int zeroPoint, int axis, int... shape) {
    long[] zeroPoints = new long[scales.length];
    Arrays.fill(zeroPoints, zeroPoint);
    return file.tensor("t" + tensors++, ModelFile.INT8, shape, scales, zeroPoints, axis, values);
  }

  /** The same as {@link #bias}, but none (-1) once in five times. */
  int optionalBias(int channels, float inputScale, float[] weightScales, double magnitude) {
    return oneIn(5) ? -1 : bias(channels, inputScale, weightScales, magnitude);
  }

  /** An int32 bias, quantized as TensorFlow Lite wants it. */
  int bias(int channels, float inputScale, float[] weightScales, double magnitude) {
    int[] values = new int[channels];
    for (int i = 0; i < channels; i++) {
      values[i] = (int) (magnitude * (2 * random.nextDouble() - 1));
    }
    return bias(values, inputScale, weightScales);
  }

  /** The same with its values given. */
  int bias(int[] values, float inputScale, float[] weightScales) {
    float[] scales = new float[weightScales.length];
    for (int i = 0; i < scales.length; i++) {
      scales[i] = inputScale * weightScales[i];
    }
    return file.tensor(
        "t" + tensors++,
        ModelFile.INT32,
        new int[] {values.length},
        scales,
        new long[scales.length],
        0,
        littleEndian(values));
  }

  /** An int32 constant without quantization, such as a shape or paddings. */
  int int32s(int[] values, int... shape) {
    return file.tensor(
        "t" + tensors++,
        ModelFile.INT32,
        shape,
        new float[0],
        new long[0],
        0,
        littleEndian(values));
  }

  private static byte[] littleEndian(int... values) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    for (int value : values) {
      bytes.putInt(value);
    }
    return bytes.array();
  }

  /**
   * Adds an operator.
   *
   * @param what tells a person what was drawn
   * @param optionsType of {@code schema.fbs}'s union BuiltinOptions
   * @param options writes that table
   */
  void operator(
      String what,
      int code,
      int[] inputs,
      Port output,
      int optionsType,
      ToIntFunction<FlatBufferBuilder> options) {
    story.append("\n  ").append(what).append(" -> ").append(output);
    file.operator(code, inputs, new int[] {output.tensor()}, optionsType, options);
  }

  /** A model's input. */
  Port input(int... shape) {
    Port input = activation(scale(1e-3, 1), zeroPoint(), shape);
    story.append(": ").append(input);
    return input;
  }

  byte[] build(Port input, Port output) {
    return file.build(new int[] {input.tensor()}, new int[] {output.tensor()});
  }

  /** What was drawn, for a person who has to find out why it went wrong. */
  String story() {
    return story.toString();
  }
}
