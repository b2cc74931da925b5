package dev.earshot.trainer.tflite;

/**
 * The numbers of TensorFlow Lite's flatbuffer schema, version 3, that the writer needs: field
 * positions within tables and values of enumerations.
 */
final class Schema {
  static final int VERSION = 3;
  static final String IDENTIFIER = "TFL3";

  static final int TYPE_INT32 = 2;
  static final int TYPE_INT8 = 9;

  static final int ACTIVATION_NONE = 0;
  static final int ACTIVATION_RELU = 1;
  static final int PADDING_VALID = 1;

  /**
   * An operator: its place in the file's list of operators, its builtin code, the version of its
   * int8 form, the number of its options in the union of options, and how many fields these have.
   */
  enum Op {
    CONV_2D(0, 3, 3, 1, 6),
    DEPTHWISE_CONV_2D(1, 4, 3, 2, 7),
    FULLY_CONNECTED(2, 9, 4, 8, 3),
    RESHAPE(3, 22, 1, 17, 1),
    SOFTMAX(4, 25, 2, 9, 1);

    final int index;
    final int code;
    final int version;
    final int options;
    final int optionFields;

    Op(int index, int code, int version, int options, int optionFields) {
      this.index = index;
      this.code = code;
      this.version = version;
      this.options = options;
      this.optionFields = optionFields;
    }
  }

  private Schema() {}
}
