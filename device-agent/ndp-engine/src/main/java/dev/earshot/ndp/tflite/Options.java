package dev.earshot.ndp.tflite;

import dev.earshot.ndp.graph.Activation;
import dev.earshot.ndp.graph.ModelFormatException;
import dev.earshot.ndp.graph.Padding;
import dev.earshot.ndp.graph.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * An operator's options table. Fields of an absent table have their defaults, as in the file
 * format.
 */
final class Options {
  private static final int MAX_STEP = 1024;

  private final @Nullable FlatTable table;
  private final String where;

  private Options(@Nullable FlatTable table, String where) {
    this.table = table;
    this.where = where;
  }

  /** The options of an operator, which must be of the given member of the format's union. */
  static Options of(FlatTable operator, int type, String where) throws ModelFormatException {
    FlatTable table = operator.table(4, "options", where + " options");
    int declared = operator.int8(3, "options type", 0);
    if (table != null && declared != type) {
      throw new ModelFormatException(
          where + ": options type: " + declared + " (expected: " + type + ")");
    }
    return new Options(table, where);
  }

  int int8(int field, String name) throws ModelFormatException {
    return table == null ? 0 : table.int8(field, name, 0);
  }

  int int32(int field, String name) throws ModelFormatException {
    return table == null ? 0 : table.int32(field, name, 0);
  }

  float float32(int field, String name) throws ModelFormatException {
    return table == null ? 0 : table.float32(field, name, 0);
  }

  Padding padding() throws ModelFormatException {
    int code = int8(0, "padding");
    return switch (code) {
      case 0 -> Padding.SAME;
      case 1 -> Padding.VALID;
      default -> throw error("padding: " + code + " (expected: 0 SAME or 1 VALID)");
    };
  }

  /** The fused activation of an operator, whose clamp must make sense for its output. */
  Activation activation(int field, Tensor output) throws ModelFormatException {
    Activation activation = activation(field);
    Operands.checkClamp(activation, output, where);
    return activation;
  }

  private Activation activation(int field) throws ModelFormatException {
    int code = int8(field, "fused activation");
    return switch (code) {
      case 0 -> Activation.NONE;
      case 1 -> Activation.RELU;
      case 2 -> Activation.RELU_N1_TO_1;
      case 3 -> Activation.RELU6;
      default ->
          throw error(
              "fused activation: " + code + " (expected: NONE, RELU, RELU_N1_TO_1 or RELU6)");
    };
  }

  /** A stride or the side of a pooling window, which must be there. */
  int step(int field, String name) throws ModelFormatException {
    return step(field, name, 0);
  }

  /** A dilation, 1 when absent. */
  int dilation(int field, String name) throws ModelFormatException {
    return step(field, name, 1);
  }

  private int step(int field, String name, int absent) throws ModelFormatException {
    int value = table == null ? absent : table.int32(field, name, absent);
    if (value < 1 || value > MAX_STEP) {
      throw error(name + ": " + value + " (expected: 1 to " + MAX_STEP + ")");
    }
    return value;
  }

  private ModelFormatException error(String message) {
    return new ModelFormatException(where + ": " + message);
  }
}
