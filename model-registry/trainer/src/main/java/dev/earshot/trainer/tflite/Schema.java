package dev.earshot.trainer.tflite;

import dev.earshot.trainer.quantize.WeightFormat;

/**
 * The numbers of TensorFlow Lite's flatbuffer schema, version 3, that the writer needs: field
 * positions within tables and values of enumerations.
 */
final class Schema {
  static final int VERSION = 3;
  static final String IDENTIFIER = "TFL3";

  static final int TYPE_INT32 = 2;
  static final int TYPE_INT8 = 9;
  static final int TYPE_INT4 = 17;

  static final int ACTIVATION_NONE = 0;
  static final int ACTIVATION_RELU = 1;
  static final int PADDING_VALID = 1;

  /**
   * An operator: its place in the file's list of operators, its builtin code, the versions of its
   * forms with int8 and with int4 weights (convolutions are only written with int8), the number of
   * its options in the union of options, and how many fields these have.
   */
  enum Op {
    CONV_2D(0, 3, 3, 3, 1, 6),
    DEPTHWISE_CONV_2D(1, 4, 3, 3, 2, 7),
    FULLY_CONNECTED(2, 9, 4, 10, 8, 3),
    RESHAPE(3, 22, 1, 1, 17, 1),
    SOFTMAX(4, 25, 2, 2, 9, 1);

    final int index;
    final int code;
    private final int int8Version;
    private final int int4Version;
    final int options;
    final int optionFields;

    Op(int index, int code, int int8Version, int int4Version, int options, int optionFields) {
      this.index = index;
      this.code = code;
      this.int8Version = int8Version;
      this.int4Version = int4Version;
      this.options = options;
      this.optionFields = optionFields;
    }

    /** As TensorFlow Lite's {@code op_version.cc} gives it for such weights. */
    int version(WeightFormat weights) {
      return switch (weights) {
        case INT8 -> int8Version;
        case INT4 -> int4Version;
      };
    }
  }

  private Schema() {}
}
