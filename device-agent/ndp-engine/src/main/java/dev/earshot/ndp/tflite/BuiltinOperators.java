package dev.earshot.ndp.tflite;

import java.util.List;
import java.util.Map;

/** Operator codes of TensorFlow Lite's {@code schema.fbs}, with the names of common others. */
final class BuiltinOperators {
  static final int ADD = 0;
  static final int AVERAGE_POOL_2D = 1;
  static final int CONV_2D = 3;
  static final int DEPTHWISE_CONV_2D = 4;
  static final int FULLY_CONNECTED = 9;
  static final int RESHAPE = 22;
  static final int SOFTMAX = 25;

  static final List<String> SUPPORTED =
      List.of(
          "ADD",
          "AVERAGE_POOL_2D",
          "CONV_2D",
          "DEPTHWISE_CONV_2D",
          "FULLY_CONNECTED",
          "RESHAPE",
          "SOFTMAX");

  private static final Map<Integer, String> NAMES =
      Map.ofEntries(
          Map.entry(ADD, "ADD"),
          Map.entry(AVERAGE_POOL_2D, "AVERAGE_POOL_2D"),
          Map.entry(2, "CONCATENATION"),
          Map.entry(CONV_2D, "CONV_2D"),
          Map.entry(DEPTHWISE_CONV_2D, "DEPTHWISE_CONV_2D"),
          Map.entry(6, "DEQUANTIZE"),
          Map.entry(FULLY_CONNECTED, "FULLY_CONNECTED"),
          Map.entry(14, "LOGISTIC"),
          Map.entry(17, "MAX_POOL_2D"),
          Map.entry(18, "MUL"),
          Map.entry(19, "RELU"),
          Map.entry(21, "RELU6"),
          Map.entry(RESHAPE, "RESHAPE"),
          Map.entry(SOFTMAX, "SOFTMAX"),
          Map.entry(28, "TANH"),
          Map.entry(32, "CUSTOM"),
          Map.entry(34, "PAD"),
          Map.entry(40, "MEAN"),
          Map.entry(41, "SUB"),
          Map.entry(45, "STRIDED_SLICE"),
          Map.entry(114, "QUANTIZE"));

  private BuiltinOperators() {}

  static String name(int code) {
    return NAMES.getOrDefault(code, "operator code " + code);
  }
}
