package dev.earshot.trainer.tflite;

import com.google.flatbuffers.FlatBufferBuilder;
import dev.earshot.trainer.network.Architecture;
import dev.earshot.trainer.quantize.Affine;
import dev.earshot.trainer.quantize.QuantizedNetwork;
import dev.earshot.trainer.quantize.WeightFormat;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes a {@link QuantizedNetwork} as a standard {@code .tflite} file: schema 3, identifier TFL3,
 * one subgraph. Input [1, frames, 1, 40] int8, output [1, 3] int8 probabilities in steps of 1/256.
 * Time is the height, mel bins are channels, so that every convolution is one-dimensional in time.
 * Weights in int4 are packed two to a byte, low nibble first. The same network gives the same
 * bytes.
 */
public final class TfliteWriter {
  private final FlatBufferBuilder out = new FlatBufferBuilder(1 << 16);
  private final List<Integer> buffers = new ArrayList<>();
  private final List<Integer> tensors = new ArrayList<>();
  private final List<Integer> operators = new ArrayList<>();

  private final WeightFormat weightFormat;

  private TfliteWriter(WeightFormat weightFormat) {
    this.weightFormat = weightFormat;
  }

  /** The file. */
  public static byte[] write(QuantizedNetwork network, String description) {
    return new TfliteWriter(network.weights()).file(network, description);
  }

  private byte[] file(QuantizedNetwork network, String description) {
    buffers.add(table(1)); // buffer 0 stays empty: activations point to it
    int frames = network.frames();
    int channels = Architecture.BINS;
    int at = activation("features", network.input(), 1, frames, 1, channels);
    int input = at;
    Affine quantization = network.input();
    for (int i = 0; i < network.blocks().size(); i++) {
      QuantizedNetwork.Block block = network.blocks().get(i);
      at = depthwise("depthwise" + i, block, at, quantization, frames, channels);
      frames -= block.time() - 1;
      quantization = block.depthwise().activation();
      at = pointwise("pointwise" + i, block.pointwise(), at, quantization, frames, channels);
      channels = block.pointwise().outputs();
      quantization = block.pointwise().activation();
    }
    at = reshape(at, quantization, frames * channels);
    int elements = frames * channels;
    for (int i = 0; i < network.hidden().size(); i++) {
      QuantizedNetwork.Layer layer = network.hidden().get(i);
      at = fullyConnected("hidden" + i, layer, at, quantization, elements, Schema.ACTIVATION_RELU);
      elements = layer.outputs();
      quantization = layer.activation();
    }
    QuantizedNetwork.Layer last = network.output();
    at = fullyConnected("logits", last, at, quantization, elements, Schema.ACTIVATION_NONE);
    int output = softmax(at, last.outputs());
    return finish(input, output, description);
  }

  private int depthwise(
      String name, QuantizedNetwork.Block block, int from, Affine input, int frames, int channels) {
    QuantizedNetwork.Layer layer = block.depthwise();
    int weights = weights(name + "/weights", layer, 3, 1, block.time(), 1, channels);
    int bias = bias(name + "/bias", layer, input);
    int to = activation(name, layer.activation(), 1, frames - block.time() + 1, 1, channels);
    out.startTable(Schema.Op.DEPTHWISE_CONV_2D.optionFields);
    out.addByte(0, (byte) Schema.PADDING_VALID, 0);
    out.addInt(1, 1, 0); // stride_w
    out.addInt(2, 1, 0); // stride_h
    out.addInt(3, 1, 0); // depth_multiplier
    out.addByte(4, (byte) Schema.ACTIVATION_NONE, 0);
    operator(Schema.Op.DEPTHWISE_CONV_2D, out.endTable(), List.of(from, weights, bias), to);
    return to;
  }

  private int pointwise(
      String name, QuantizedNetwork.Layer layer, int from, Affine input, int frames, int channels) {
    int weights = weights(name + "/weights", layer, 0, layer.outputs(), 1, 1, channels);
    int bias = bias(name + "/bias", layer, input);
    int to = activation(name, layer.activation(), 1, frames, 1, layer.outputs());
    out.startTable(Schema.Op.CONV_2D.optionFields);
    out.addByte(0, (byte) Schema.PADDING_VALID, 0);
    out.addInt(1, 1, 0); // stride_w
    out.addInt(2, 1, 0); // stride_h
    out.addByte(3, (byte) Schema.ACTIVATION_RELU, 0);
    operator(Schema.Op.CONV_2D, out.endTable(), List.of(from, weights, bias), to);
    return to;
  }

  private int reshape(int from, Affine quantization, int elements) {
    int[] shape = {1, elements};
    int shapeTensor =
        tensor("flat/shape", Schema.TYPE_INT32, buffer(littleEndian(shape)), 0, new int[] {2});
    int to = activation("flat", quantization, shape);
    int newShape = ints(shape);
    out.startTable(Schema.Op.RESHAPE.optionFields);
    out.addOffset(0, newShape, 0);
    operator(Schema.Op.RESHAPE, out.endTable(), List.of(from, shapeTensor), to);
    return to;
  }

  private int fullyConnected(
      String name,
      QuantizedNetwork.Layer layer,
      int from,
      Affine input,
      int elements,
      int activation) {
    int weights = weights(name + "/weights", layer, 0, layer.outputs(), elements);
    int bias = bias(name + "/bias", layer, input);
    int to = activation(name, layer.activation(), 1, layer.outputs());
    out.startTable(Schema.Op.FULLY_CONNECTED.optionFields);
    out.addByte(0, (byte) activation, 0);
    operator(Schema.Op.FULLY_CONNECTED, out.endTable(), List.of(from, weights, bias), to);
    return to;
  }

  private int softmax(int from, int classes) {
    int to = activation("probabilities", Affine.PROBABILITIES, 1, classes);
    out.startTable(Schema.Op.SOFTMAX.optionFields);
    out.addFloat(0, 1f, 0.0); // beta
    operator(Schema.Op.SOFTMAX, out.endTable(), List.of(from), to);
    return to;
  }

  private int weights(String name, QuantizedNetwork.Layer layer, int dimension, int... shape) {
    float[] scales = layer.weightScales();
    int quantization = quantization(scales, 0, scales.length == 1 ? 0 : dimension);
    return switch (weightFormat) {
      case INT8 -> tensor(name, Schema.TYPE_INT8, buffer(layer.weights()), quantization, shape);
      case INT4 ->
          tensor(name, Schema.TYPE_INT4, buffer(packed(layer.weights())), quantization, shape);
    };
  }

  /** Two values to a byte, the first in the low nibble; after an odd number, the last is empty. */
  private static byte[] packed(byte[] values) {
    byte[] packed = new byte[(values.length + 1) / 2];
    for (int i = 0; i < values.length; i++) {
      packed[i / 2] |= (byte) ((values[i] & 0xF) << (i % 2 == 0 ? 0 : 4));
    }
    return packed;
  }

  private int bias(String name, QuantizedNetwork.Layer layer, Affine input) {
    float[] scales = layer.weightScales().clone();
    for (int i = 0; i < scales.length; i++) {
      scales[i] *= input.scale();
    }
    int quantization = quantization(scales, 0, 0);
    return tensor(
        name,
        Schema.TYPE_INT32,
        buffer(littleEndian(layer.bias())),
        quantization,
        new int[] {layer.outputs()});
  }

  private int activation(String name, Affine affine, int... shape) {
    int quantization = quantization(new float[] {affine.scale()}, affine.zeroPoint(), 0);
    return tensor(name, Schema.TYPE_INT8, 0, quantization, shape);
  }

  private int tensor(String name, int type, int buffer, int quantization, int[] shape) {
    int shapeVector = ints(shape);
    int nameText = out.createString(name);
    out.startTable(6);
    out.addOffset(0, shapeVector, 0);
    out.addByte(1, (byte) type, 0);
    out.addInt(2, buffer, 0);
    out.addOffset(3, nameText, 0);
    if (quantization != 0) {
      out.addOffset(4, quantization, 0);
    }
    tensors.add(out.endTable());
    return tensors.size() - 1;
  }

  private int quantization(float[] scales, long zeroPoint, int dimension) {
    out.startVector(4, scales.length, 4);
    for (int i = scales.length - 1; i >= 0; i--) {
      out.addFloat(scales[i]);
    }
    int scaleVector = out.endVector();
    out.startVector(8, scales.length, 8);
    for (int i = 0; i < scales.length; i++) {
      out.addLong(zeroPoint);
    }
    int zeroPoints = out.endVector();
    out.startTable(7);
    out.addOffset(2, scaleVector, 0);
    out.addOffset(3, zeroPoints, 0);
    out.addInt(6, dimension, 0);
    return out.endTable();
  }

  /** Data begin at multiples of 16 bytes, as the schema wants it. */
  private int buffer(byte[] data) {
    out.startVector(1, data.length, 16);
    for (int i = data.length - 1; i >= 0; i--) {
      out.addByte(data[i]);
    }
    int vector = out.endVector();
    out.startTable(1);
    out.addOffset(0, vector, 0);
    buffers.add(out.endTable());
    return buffers.size() - 1;
  }

  private void operator(Schema.Op op, int options, List<Integer> inputs, int output) {
    int inputVector = ints(inputs.stream().mapToInt(i -> i).toArray());
    int outputVector = ints(new int[] {output});
    out.startTable(5);
    out.addInt(0, op.index, 0);
    out.addOffset(1, inputVector, 0);
    out.addOffset(2, outputVector, 0);
    out.addByte(3, (byte) op.options, 0);
    out.addOffset(4, options, 0);
    operators.add(out.endTable());
  }

  private byte[] finish(int input, int output, String description) {
    int codes = codes();
    int subgraph = subgraph(input, output);
    int subgraphs = offsets(List.of(subgraph));
    int bufferVector = offsets(buffers);
    int text = out.createString(description);
    out.startTable(5);
    out.addInt(0, Schema.VERSION, 0);
    out.addOffset(1, codes, 0);
    out.addOffset(2, subgraphs, 0);
    out.addOffset(3, text, 0);
    out.addOffset(4, bufferVector, 0);
    out.finish(out.endTable(), Schema.IDENTIFIER);
    return out.sizedByteArray();
  }

  private int codes() {
    List<Integer> codes = new ArrayList<>();
    for (Schema.Op op : Schema.Op.values()) {
      out.startTable(4);
      out.addByte(0, (byte) op.code, 0); // for readers older than the 32-bit field
      out.addInt(2, op.version(weightFormat), 1);
      out.addInt(3, op.code, 0);
      codes.add(out.endTable());
    }
    return offsets(codes);
  }

  private int subgraph(int input, int output) {
    int tensorVector = offsets(tensors);
    int operatorVector = offsets(operators);
    int inputs = ints(new int[] {input});
    int outputs = ints(new int[] {output});
    int name = out.createString("main");
    out.startTable(5);
    out.addOffset(0, tensorVector, 0);
    out.addOffset(1, inputs, 0);
    out.addOffset(2, outputs, 0);
    out.addOffset(3, operatorVector, 0);
    out.addOffset(4, name, 0);
    return out.endTable();
  }

  private int table(int fields) {
    out.startTable(fields);
    return out.endTable();
  }

  private int offsets(List<Integer> offsets) {
    return out.createVectorOfTables(offsets.stream().mapToInt(i -> i).toArray());
  }

  private int ints(int[] values) {
    out.startVector(4, values.length, 4);
    for (int i = values.length - 1; i >= 0; i--) {
      out.addInt(values[i]);
    }
    return out.endVector();
  }

  private static byte[] littleEndian(int[] values) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    for (int value : values) {
      bytes.putInt(value);
    }
    return bytes.array();
  }
}
