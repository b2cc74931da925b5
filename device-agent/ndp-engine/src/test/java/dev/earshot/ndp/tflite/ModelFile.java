package dev.earshot.ndp.tflite;

import com.google.flatbuffers.FlatBufferBuilder;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/** Writes small {@code .tflite} files with the real FlatBuffers library, valid or not. */
public final class ModelFile {
  public static final int INT8 = 9;
  public static final int INT32 = 2;
  public static final int INT4 = 17;
  public static final int FLOAT32 = 0;

  private final FlatBufferBuilder builder = new FlatBufferBuilder(1024);
  private final List<Integer> tensors = new ArrayList<>();
  private final List<Integer> operators = new ArrayList<>();
  private final List<Integer> codes = new ArrayList<>();
  private final List<Integer> buffers = new ArrayList<>();

  private int version = 3;
  private int subgraphs = 1;

  public ModelFile() {
    buffers.add(buffer(null));
  }

  public ModelFile version(int value) {
    version = value;
    return this;
  }

  public ModelFile subgraphs(int value) {
    subgraphs = value;
    return this;
  }

  /** An activation, quantized per tensor. */
  public int activation(String name, float scale, int zeroPoint, int... shape) {
    return tensor(name, INT8, shape, new float[] {scale}, new long[] {zeroPoint}, 0, null);
  }

  /** An int8 constant, quantized with one scale or one per channel. */
  public int weights(String name, byte[] values, int axis, float[] scales, int... shape) {
    return tensor(name, INT8, shape, scales, new long[scales.length], axis, values);
  }

  /** An int4 constant, packed two to a byte, quantized with one scale or one per channel. */
  public int weights4(String name, byte[] values, int axis, float[] scales, int... shape) {
    return tensor(name, INT4, shape, scales, new long[scales.length], axis, packed(values));
  }

  /** Values of -8 to 7, the first of each pair in the low nibble. */
  public static byte[] packed(byte... values) {
    byte[] packed = new byte[(values.length + 1) / 2];
    for (int i = 0; i < values.length; i++) {
      packed[i / 2] |= (byte) ((values[i] & 0xF) << (i % 2 == 0 ? 0 : 4));
    }
    return packed;
  }

  /** An int32 constant without quantization. */
  public int bias(String name, int... values) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    for (int value : values) {
      bytes.putInt(value);
    }
    return tensor(
        name, INT32, new int[] {values.length}, new float[0], new long[0], 0, bytes.array());
  }

  public int tensor(
      String name,
      int type,
      int[] shape,
      float[] scales,
      long[] zeroPoints,
      int axis,
      byte @Nullable [] data) {
    int bufferIndex = 0;
    if (data != null) {
      bufferIndex = buffers.size();
      buffers.add(buffer(data));
    }
    int quantization = scales.length == 0 ? 0 : quantization(scales, zeroPoints, axis);
    int nameOffset = builder.createString(name);
    int shapeOffset = ints(shape);
    builder.startTable(5);
    builder.addOffset(0, shapeOffset, 0);
    builder.addByte(1, (byte) type, 0);
    builder.addInt(2, bufferIndex, 0);
    builder.addOffset(3, nameOffset, 0);
    builder.addOffset(4, quantization, 0);
    tensors.add(builder.endTable());
    return tensors.size() - 1;
  }

  /** An int8 activation that keeps its value between inferences. */
  public int variable(String name) {
    return odd(name, 0, () -> builder.addBoolean(5, true, false));
  }

  /** An int8 tensor of which only some elements are stored. */
  public int sparse(String name) {
    builder.startTable(0);
    int sparsity = builder.endTable();
    return odd(name, 0, () -> builder.addOffset(6, sparsity, 0));
  }

  /** An int8 tensor whose data lies behind the FlatBuffer, as in models above 2 GB. */
  public int external(String name, long offset, long bytes) {
    builder.startTable(3);
    builder.addLong(1, offset, 0);
    builder.addLong(2, bytes, 0);
    buffers.add(builder.endTable());
    return odd(name, buffers.size() - 1, () -> {});
  }

  private int odd(String name, int buffer, Runnable more) {
    int nameOffset = builder.createString(name);
    int shapeOffset = ints(1, 4);
    builder.startTable(7);
    builder.addOffset(0, shapeOffset, 0);
    builder.addByte(1, (byte) INT8, 0);
    builder.addInt(2, buffer, 0);
    builder.addOffset(3, nameOffset, 0);
    more.run();
    tensors.add(builder.endTable());
    return tensors.size() - 1;
  }

  /** Many tensors that share one name, one shape and one table of scales. */
  public ModelFile crowd(int count, String name, float... scales) {
    int nameOffset = builder.createString(name);
    int shapeOffset = ints(1);
    int quantization = quantization(scales, new long[scales.length], 0);
    for (int i = 0; i < count; i++) {
      builder.startTable(5);
      builder.addOffset(0, shapeOffset, 0);
      builder.addByte(1, (byte) INT8, 0);
      builder.addOffset(3, nameOffset, 0);
      builder.addOffset(4, quantization, 0);
      tensors.add(builder.endTable());
    }
    return this;
  }

  private int quantization(float[] scales, long[] zeroPoints, int axis) {
    builder.startVector(4, scales.length, 4);
    for (int i = scales.length - 1; i >= 0; i--) {
      builder.addFloat(scales[i]);
    }
    int scalesOffset = builder.endVector();
    builder.startVector(8, zeroPoints.length, 8);
    for (int i = zeroPoints.length - 1; i >= 0; i--) {
      builder.addLong(zeroPoints[i]);
    }
    int zeroPointsOffset = builder.endVector();
    builder.startTable(7);
    builder.addOffset(2, scalesOffset, 0);
    builder.addOffset(3, zeroPointsOffset, 0);
    builder.addInt(6, axis, 0);
    return builder.endTable();
  }

  private int buffer(byte @Nullable [] data) {
    int dataOffset = data == null ? 0 : builder.createByteVector(data);
    builder.startTable(1);
    builder.addOffset(0, dataOffset, 0);
    return builder.endTable();
  }

  private int ints(int... values) {
    builder.startVector(4, values.length, 4);
    for (int i = values.length - 1; i >= 0; i--) {
      builder.addInt(values[i]);
    }
    return builder.endVector();
  }

  /** Adds an operator; {@code options} writes its options table, 0 for none. */
  public ModelFile operator(
      int code,
      int[] inputs,
      int[] outputs,
      int optionsType,
      ToIntFunction<FlatBufferBuilder> options) {
    int optionsOffset = options.applyAsInt(builder);
    int inputsOffset = ints(inputs);
    int outputsOffset = ints(outputs);
    builder.startTable(4);
    builder.addByte(0, (byte) Math.min(code, 127), 0);
    builder.addInt(3, code, 0);
    codes.add(builder.endTable());
    builder.startTable(5);
    builder.addInt(0, codes.size() - 1, 0);
    builder.addOffset(1, inputsOffset, 0);
    builder.addOffset(2, outputsOffset, 0);
    builder.addByte(3, (byte) optionsType, 0);
    builder.addOffset(4, optionsOffset, 0);
    operators.add(builder.endTable());
    return this;
  }

  /** An operator that has a name instead of a code. */
  public ModelFile custom(String name, int input, int output) {
    int nameOffset = builder.createString(name);
    builder.startTable(4);
    builder.addByte(0, (byte) 32, 0);
    builder.addOffset(1, nameOffset, 0);
    builder.addInt(3, 32, 0);
    int code = builder.endTable();
    operator(32, new int[] {input}, new int[] {output}, 0, b -> 0);
    codes.set(codes.size() - 1, code);
    return this;
  }

  /** An operator without options. */
  public ModelFile plain(int code, int output, int... inputs) {
    return operator(code, inputs, new int[] {output}, 0, b -> 0);
  }

  /** An operator whose options are numbers of 32 bits. */
  public ModelFile numbered(int code, int optionsType, int[] options, int output, int... inputs) {
    return operator(
        code,
        inputs,
        new int[] {output},
        optionsType,
        b -> {
          b.startTable(options.length);
          for (int i = 0; i < options.length; i++) {
            b.addInt(i, options[i], 0);
          }
          return b.endTable();
        });
  }

  public ModelFile reshape(int input, int output) {
    return operator(22, new int[] {input}, new int[] {output}, 0, b -> 0);
  }

  public ModelFile softmax(int input, int output, float beta) {
    return operator(
        25,
        new int[] {input},
        new int[] {output},
        9,
        b -> {
          b.startTable(1);
          b.addFloat(0, beta, 0);
          return b.endTable();
        });
  }

  public ModelFile fullyConnected(int activation, int[] inputs, int output) {
    return operator(
        9,
        inputs,
        new int[] {output},
        8,
        b -> {
          b.startTable(1);
          b.addByte(0, (byte) activation, 0);
          return b.endTable();
        });
  }

  /** Options of CONV_2D: padding 0 SAME, 1 VALID. */
  public ModelFile conv(
      int padding, int stride, int dilation, int activation, int[] inputs, int output) {
    return operator(
        3,
        inputs,
        new int[] {output},
        1,
        b -> {
          b.startTable(6);
          b.addByte(0, (byte) padding, 0);
          b.addInt(1, stride, 0);
          b.addInt(2, stride, 0);
          b.addByte(3, (byte) activation, 0);
          b.addInt(4, dilation, 1);
          b.addInt(5, dilation, 1);
          return b.endTable();
        });
  }

  /** Options of DEPTHWISE_CONV_2D: padding 0 SAME, 1 VALID. */
  public ModelFile depthwise(
      int padding, int stride, int dilation, int activation, int[] inputs, int output) {
    return operator(
        4,
        inputs,
        new int[] {output},
        2,
        b -> {
          b.startTable(7);
          b.addByte(0, (byte) padding, 0);
          b.addInt(1, stride, 0);
          b.addInt(2, stride, 0);
          b.addByte(4, (byte) activation, 0);
          b.addInt(5, dilation, 1);
          b.addInt(6, dilation, 1);
          return b.endTable();
        });
  }

  public ModelFile averagePool(
      int padding, int stride, int window, int activation, int input, int output) {
    return operator(
        1,
        new int[] {input},
        new int[] {output},
        5,
        b -> {
          b.startTable(6);
          b.addByte(0, (byte) padding, 0);
          b.addInt(1, stride, 0);
          b.addInt(2, stride, 0);
          b.addInt(3, window, 0);
          b.addInt(4, window, 0);
          b.addByte(5, (byte) activation, 0);
          return b.endTable();
        });
  }

  public ModelFile add(int activation, int first, int second, int output) {
    return operator(
        0,
        new int[] {first, second},
        new int[] {output},
        11,
        b -> {
          b.startTable(1);
          b.addByte(0, (byte) activation, 0);
          return b.endTable();
        });
  }

  public byte[] build(int[] inputs, int[] outputs) {
    int name = builder.createString("test");
    int tensorsOffset = offsets(tensors);
    int operatorsOffset = offsets(operators);
    int inputsOffset = ints(inputs);
    int outputsOffset = ints(outputs);
    builder.startTable(5);
    builder.addOffset(0, tensorsOffset, 0);
    builder.addOffset(1, inputsOffset, 0);
    builder.addOffset(2, outputsOffset, 0);
    builder.addOffset(3, operatorsOffset, 0);
    int subgraph = builder.endTable();
    List<Integer> all = new ArrayList<>();
    for (int i = 0; i < subgraphs; i++) {
      all.add(subgraph);
    }
    int subgraphsOffset = offsets(all);
    int codesOffset = offsets(codes);
    int buffersOffset = offsets(buffers);
    builder.startTable(5);
    builder.addInt(0, version, 0);
    builder.addOffset(1, codesOffset, 0);
    builder.addOffset(2, subgraphsOffset, 0);
    builder.addOffset(3, name, 0);
    builder.addOffset(4, buffersOffset, 0);
    builder.finish(builder.endTable(), "TFL3");
    return builder.sizedByteArray();
  }

  private int offsets(List<Integer> tables) {
    return builder.createVectorOfTables(tables.stream().mapToInt(Integer::intValue).toArray());
  }

  /**
   * A valid model of every shape of thing that a file holds: a convolution per channel with
   * padding, a reshape, a dense layer and a softmax; 1x4x4x2 in, 3 classes out.
   */
  public static byte[] small() {
    ModelFile file = new ModelFile();
    int input = file.activation("in", 0.5f, 3, 1, 4, 4, 2);
    byte[] kernel = new byte[4 * 3 * 3 * 2];
    for (int i = 0; i < kernel.length; i++) {
      kernel[i] = (byte) (i * 37 - 128);
    }
    int weights =
        file.weights("conv/w", kernel, 0, new float[] {.01f, .02f, .03f, .04f}, 4, 3, 3, 2);
    int bias = file.bias("conv/b", 100, -200, 300, -400);
    int hidden = file.activation("conv", 0.25f, -128, 1, 2, 2, 4);
    file.conv(0, 2, 1, 1, new int[] {input, weights, bias}, hidden);
    int flat = file.activation("flat", 0.25f, -128, 1, 16);
    file.reshape(hidden, flat);
    byte[] dense = new byte[3 * 16];
    for (int i = 0; i < dense.length; i++) {
      dense[i] = (byte) (i * 53 + 7);
    }
    int denseWeights = file.weights("fc/w", dense, 0, new float[] {.02f}, 3, 16);
    int logits = file.activation("logits", 0.3f, 5, 1, 3);
    file.fullyConnected(0, new int[] {flat, denseWeights, -1}, logits);
    int scores = file.activation("scores", 1 / 256f, -128, 1, 3);
    file.softmax(logits, scores, 1);
    return file.build(new int[] {input}, new int[] {scores});
  }
}
