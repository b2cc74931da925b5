package dev.earshot.registry;

import com.google.flatbuffers.FlatBufferBuilder;
import java.nio.ByteBuffer;
import java.util.Random;

/**
 * Writes small {@code .tflite} files by hand: 30 frames of 40 features into fully connected layers.
 * Field numbers are those of TensorFlow Lite's {@code schema.fbs}.
 */
public final class TinyModel {
  /** Values that go in. */
  public static final int INPUTS = 30 * 40;

  /** Values that come out. */
  public static final int CLASSES = 3;

  private static final int IDENTIFIER_ROOM = 4096;
  private static final int INT8 = 9;
  private static final int INT4 = 17;
  private static final int FULLY_CONNECTED = 9;
  private static final int FULLY_CONNECTED_OPTIONS = 8;

  private final FlatBufferBuilder builder;
  private final Random random;
  private final int weightType;

  private TinyModel(int bytes, long seed, int weightType) {
    this.weightType = weightType;
    builder = new FlatBufferBuilder(bytes);
    random = new Random(seed);
  }

  /** One layer; fits an NDP120. Another seed gives other weights. */
  public static byte[] small(long seed) {
    return new TinyModel(IDENTIFIER_ROOM + INPUTS * CLASSES, seed, INT8).write(INPUTS, CLASSES);
  }

  /** One layer with 4-bit weights; fits every chip. */
  public static byte[] smallInt4(long seed) {
    return new TinyModel(IDENTIFIER_ROOM + INPUTS * CLASSES, seed, INT4).write(INPUTS, CLASSES);
  }

  /** Two layers with 1,176 KiB of weights; fits no chip. */
  public static byte[] tooLarge() {
    return new TinyModel(IDENTIFIER_ROOM + 1000 * (INPUTS + CLASSES), 1, INT8)
        .write(INPUTS, 1000, CLASSES);
  }

  /** Tensors and buffers: input, then weights and output of each layer. */
  private byte[] write(int... widths) {
    int layers = widths.length - 1;
    int[] buffers = new int[1 + layers];
    int[] tensors = new int[1 + 2 * layers];
    int[] operators = new int[layers];
    buffers[0] = table(1).end();
    tensors[0] = tensor(INT8, new int[] {1, 30, 1, 40}, 0, "input");
    for (int layer = 0; layer < layers; layer++) {
      byte[] weights = new byte[widths[layer] * widths[layer + 1] / (weightType == INT4 ? 2 : 1)];
      random.nextBytes(weights);
      int data = builder.createByteVector(weights);
      buffers[1 + layer] = table(1).offset(0, data).end();
      tensors[1 + 2 * layer] =
          tensor(
              weightType,
              new int[] {widths[layer + 1], widths[layer]},
              1 + layer,
              "weights" + layer);
      tensors[2 + 2 * layer] = tensor(INT8, new int[] {1, widths[layer + 1]}, 0, "output" + layer);
      operators[layer] = operator(2 * layer, 1 + 2 * layer, 2 + 2 * layer);
    }
    int tensorVector = offsets(tensors);
    int inputs = ints(0);
    int outputs = ints(2 * layers);
    int operatorVector = offsets(operators);
    int subgraph =
        table(5)
            .offset(0, tensorVector)
            .offset(1, inputs)
            .offset(2, outputs)
            .offset(3, operatorVector)
            .end();
    int code = code();
    int codes = offsets(code);
    int subgraphs = offsets(subgraph);
    int description = builder.createString("tiny");
    int bufferVector = offsets(buffers);
    int model =
        table(5)
            .int32(0, 3)
            .offset(1, codes)
            .offset(2, subgraphs)
            .offset(3, description)
            .offset(4, bufferVector)
            .end();
    builder.finish(model, "TFL3");
    ByteBuffer data = builder.dataBuffer();
    byte[] file = new byte[data.remaining()];
    data.get(file);
    return file;
  }

  private int code() {
    Table table = table(4);
    table.int8(0, FULLY_CONNECTED);
    table.int32(3, FULLY_CONNECTED);
    return table.end();
  }

  private int operator(int input, int weights, int output) {
    int inputs = ints(input, weights);
    int outputs = ints(output);
    int options = table(1).end();
    Table table = table(5);
    table.offset(1, inputs).offset(2, outputs).int8(3, FULLY_CONNECTED_OPTIONS).offset(4, options);
    return table.end();
  }

  private int tensor(int type, int[] shape, int buffer, String name) {
    int shapeVector = ints(shape);
    int nameString = builder.createString(name);
    builder.startVector(4, 1, 4);
    builder.addFloat(0.01f);
    int scales = builder.endVector();
    builder.startVector(8, 1, 8);
    builder.addLong(0);
    int zeroPoints = builder.endVector();
    int quantization = table(7).offset(2, scales).offset(3, zeroPoints).end();
    return table(5)
        .offset(0, shapeVector)
        .int8(1, type)
        .int32(2, buffer)
        .offset(3, nameString)
        .offset(4, quantization)
        .end();
  }

  private int ints(int... values) {
    builder.startVector(4, values.length, 4);
    for (int i = values.length - 1; i >= 0; i--) {
      builder.addInt(values[i]);
    }
    return builder.endVector();
  }

  private int offsets(int... values) {
    builder.startVector(4, values.length, 4);
    for (int i = values.length - 1; i >= 0; i--) {
      builder.addOffset(values[i]);
    }
    return builder.endVector();
  }

  private Table table(int fields) {
    builder.startTable(fields);
    return new Table();
  }

  private final class Table {
    Table offset(int field, int value) {
      builder.addOffset(field, value, 0);
      return this;
    }

    Table int8(int field, int value) {
      builder.addByte(field, (byte) value, 0);
      return this;
    }

    Table int32(int field, int value) {
      builder.addInt(field, value, 0);
      return this;
    }

    int end() {
      return builder.endTable();
    }
  }
}
