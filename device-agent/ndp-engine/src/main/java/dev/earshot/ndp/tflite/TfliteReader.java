package dev.earshot.ndp.tflite;

import dev.earshot.ndp.graph.ElementType;
import dev.earshot.ndp.graph.Graph;
import dev.earshot.ndp.graph.ModelFormatException;
import dev.earshot.ndp.graph.Operator;
import dev.earshot.ndp.graph.Quantization;
import dev.earshot.ndp.graph.Shape;
import dev.earshot.ndp.graph.Tensor;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads a {@code .tflite} file (schema version 3): one subgraph, one input, one output, computed in
 * int8 ({@link Ports}). Trusts nothing in it. Field numbers below are those of TensorFlow Lite's
 * {@code schema.fbs}.
 */
public final class TfliteReader {
  private static final int FILE_IDENTIFIER = 'T' | 'F' << 8 | 'L' << 16 | '3' << 24;
  private static final int SCHEMA_VERSION = 3;

  private final List<FlatTable> buffers;
  private final List<Tensor> tensors = new ArrayList<>();
  private final Limits limits = new Limits();

  private TfliteReader(List<FlatTable> buffers) {
    this.buffers = buffers;
  }

  /**
   * Reads a whole file. Constants stay views of {@code file}, which must not be changed afterwards.
   *
   * @throws ModelFormatException when this engine cannot run the file; the message says why
   */
  public static Graph read(byte[] file) throws ModelFormatException {
    if (file.length > Limits.FILE_BYTES) {
      throw new ModelFormatException(
          "model: %,d bytes (expected: at most %,d)".formatted(file.length, Limits.FILE_BYTES));
    }
    ByteBuffer bytes = ByteBuffer.wrap(file);
    FlatTable model = FlatTable.root(bytes, "model");
    if (Integer.reverseBytes(bytes.getInt(4)) != FILE_IDENTIFIER) {
      throw model.error("not a .tflite file (expected: the identifier TFL3 at byte 4)");
    }
    int version = model.int32(0, "version", 0);
    if (version != SCHEMA_VERSION) {
      throw model.error("schema version: " + version + " (expected: " + SCHEMA_VERSION + ")");
    }
    List<FlatTable> subgraphs = model.tables(2, "subgraphs", "subgraph", Limits.OPERATORS);
    if (subgraphs.size() != 1) {
      throw model.error("subgraphs: " + subgraphs.size() + " (expected: 1)");
    }
    List<FlatTable> buffers = model.tables(4, "buffers", "buffer", 2 * Limits.TENSORS);
    List<FlatTable> codes = model.tables(1, "operator codes", "operator code", Limits.OPERATORS);
    return new TfliteReader(buffers)
        .readGraph(subgraphs.getFirst(), codes, model.string(3, "description"));
  }

  private Graph readGraph(FlatTable subgraph, List<FlatTable> codes, String description)
      throws ModelFormatException {
    List<FlatTable> tables = subgraph.tables(0, "tensors", "tensor", Limits.TENSORS);
    for (int i = 0; i < tables.size(); i++) {
      tensors.add(readTensor(i, tables.get(i)));
    }
    Tensor declaredInput = onlyTensor(subgraph, 1, "inputs");
    Ports ports = new Ports(subgraph, declaredInput, onlyTensor(subgraph, 2, "outputs"));
    BitSet written = new BitSet();
    if (declaredInput.type() == ElementType.INT8) {
      written.set(declaredInput.index());
    }
    List<Operator> operators = new ArrayList<>();
    for (FlatTable table : subgraph.tables(3, "operators", "operator", Limits.OPERATORS)) {
      OperatorContext context = OperatorContext.of(table, codes, tensors, limits);
      if (!ports.take(context, written)) {
        Operator operator = new OperatorReader(context).read();
        checkOrder(context.where(), operator, written);
        operators.add(operator);
      }
    }
    Tensor input = ports.input();
    Tensor output = ports.output();
    limits.addActivations(input.label(), input.shape().elements());
    if (!written.get(output.index())) {
      throw subgraph.error("output " + output.label() + " is never written by an operator");
    }
    return new Graph(description, tensors.size(), operators, input, output);
  }

  /** Every activation is written once, before it is read: no cycles, no stale values. */
  private static void checkOrder(String where, Operator operator, BitSet written)
      throws ModelFormatException {
    for (Tensor activation : operator.activations()) {
      if (!written.get(activation.index())) {
        throw new ModelFormatException(
            where + ": " + activation.label() + " is read before any operator wrote it");
      }
    }
    Tensor output = operator.output();
    if (output.isConstant() || written.get(output.index())) {
      throw new ModelFormatException(
          where
              + ": "
              + output.label()
              + " is written although it already has a value (cycle or reuse)");
    }
    written.set(output.index());
  }

  private Tensor onlyTensor(FlatTable subgraph, int field, String name)
      throws ModelFormatException {
    List<Integer> indices = subgraph.int32s(field, name, Limits.TENSORS);
    if (indices.size() != 1) {
      throw subgraph.error(name + ": " + indices.size() + " (expected: 1)");
    }
    int index = indices.getFirst();
    if (index < 0 || index >= tensors.size()) {
      throw subgraph.error(
          name + ": tensor " + index + " (expected: 0 to " + (tensors.size() - 1) + ")");
    }
    return tensors.get(index);
  }

  private Tensor readTensor(int index, FlatTable table) throws ModelFormatException {
    String name = table.string(3, "name");
    List<Integer> dimensions = table.int32s(0, "shape", Limits.RANK);
    long elements = 1;
    for (int dimension : dimensions) {
      if (dimension < 1) {
        throw table.error("shape " + dimensions + " (expected: dimensions of at least 1)");
      }
      elements *= dimension;
      if (elements > Limits.TENSOR_ELEMENTS) {
        throw table.error(
            "shape %s (expected: at most %,d elements)"
                .formatted(dimensions, Limits.TENSOR_ELEMENTS));
      }
    }
    if (table.int8(5, "is variable", 0) != 0) {
      throw table.error("'" + name + "' is a variable (expected: no state between inferences)");
    }
    if (table.table(6, "sparsity", table.where() + " sparsity") != null) {
      throw table.error("'" + name + "' is sparse (expected: dense)");
    }
    ElementType type = elementType(table.int8(1, "type", 0));
    ByteBuffer constant = readConstant(table, type, elements);
    @Nullable Quantization quantization =
        type == ElementType.OTHER ? null : readQuantization(table);
    return new Tensor(index, name, type, new Shape(dimensions), quantization, constant);
  }

  private static ElementType elementType(int code) {
    return switch (code) {
      case 9 -> ElementType.INT8;
      case 2 -> ElementType.INT32;
      case 17 -> ElementType.INT4;
      case 0 -> ElementType.FLOAT32;
      default -> ElementType.OTHER;
    };
  }

  private @Nullable ByteBuffer readConstant(FlatTable table, ElementType type, long elements)
      throws ModelFormatException {
    long index = Integer.toUnsignedLong(table.int32(2, "buffer", 0));
    if (index >= buffers.size()) {
      throw table.error("buffer " + index + " (expected: below " + buffers.size() + ")");
    }
    FlatTable buffer = buffers.get((int) index);
    // 0 and 1 are TFLite's ways to say "inside".
    if (Long.compareUnsigned(buffer.int64(1, "offset", 0), 1) > 0) {
      throw buffer.error("its data lies outside the FlatBuffer (expected: inside)");
    }
    ByteBuffer data = buffer.bytes(0, "data");
    if (data == null || data.limit() == 0) {
      return null;
    }
    if (type != ElementType.OTHER && data.limit() != type.bytes(elements)) {
      throw table.error(
          "constant of %d bytes (expected: %d for %d elements of %s)"
              .formatted(data.limit(), type.bytes(elements), elements, type));
    }
    return data;
  }

  private @Nullable Quantization readQuantization(FlatTable tensor) throws ModelFormatException {
    FlatTable table = tensor.table(4, "quantization", tensor.where() + " quantization");
    if (table == null) {
      return null;
    }
    if (table.int8(4, "details type", 0) != 0) {
      throw table.error("custom or blockwise (expected: scales and zero points)");
    }
    List<Float> scales = table.float32s(2, "scales", Limits.CHANNELS);
    if (scales.isEmpty()) {
      return null;
    }
    limits.addScales(table.where(), scales.size());
    List<Integer> zeroPoints = new ArrayList<>();
    for (long zeroPoint : table.int64s(3, "zero points", Limits.CHANNELS)) {
      if (zeroPoint < Byte.MIN_VALUE || zeroPoint > Byte.MAX_VALUE) {
        throw table.error("zero point: " + zeroPoint + " (expected: -128 to 127)");
      }
      zeroPoints.add((int) zeroPoint);
    }
    try {
      return new Quantization(scales, zeroPoints, table.int32(6, "axis", 0));
    } catch (IllegalArgumentException e) {
      throw table.error(String.valueOf(e.getMessage()));
    }
  }
}
