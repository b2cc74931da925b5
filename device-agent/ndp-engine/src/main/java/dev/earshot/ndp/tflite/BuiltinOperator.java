package dev.earshot.ndp.tflite;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The operators that the engine can run, by their codes in TensorFlow Lite's {@code schema.fbs}.
 */
enum BuiltinOperator {
  ADD(0),
  AVERAGE_POOL_2D(1),
  CONCATENATION(2),
  CONV_2D(3),
  DEPTHWISE_CONV_2D(4),
  DEQUANTIZE(6),
  FULLY_CONNECTED(9),
  LOGISTIC(14),
  MAX_POOL_2D(17),
  MEAN(40),
  MUL(18),
  PAD(34),
  PADV2(60),
  QUANTIZE(114),
  RELU(19),
  RELU6(21),
  RELU_N1_TO_1(20),
  RESHAPE(22),
  SOFTMAX(25),
  STRIDED_SLICE(45);

  /** Names of common ones that it can't, for messages. */
  private static final Map<Integer, String> OTHERS =
      Map.ofEntries(
          Map.entry(23, "RESIZE_BILINEAR"),
          Map.entry(28, "TANH"),
          Map.entry(36, "GATHER"),
          Map.entry(39, "TRANSPOSE"),
          Map.entry(41, "SUB"),
          Map.entry(43, "SQUEEZE"),
          Map.entry(47, "EXP"),
          Map.entry(49, "SPLIT"),
          Map.entry(53, "CAST"),
          Map.entry(65, "SLICE"),
          Map.entry(67, "TRANSPOSE_CONV"),
          Map.entry(70, "EXPAND_DIMS"),
          Map.entry(74, "SUM"),
          Map.entry(98, "LEAKY_RELU"),
          Map.entry(117, "HARD_SWISH"));

  /** The code of an operator that is not TensorFlow Lite's own, but has a name in the file. */
  static final int CUSTOM = 32;

  private final int code;

  BuiltinOperator(int code) {
    this.code = code;
  }

  static @Nullable BuiltinOperator of(int code) {
    return Arrays.stream(values()).filter(each -> each.code == code).findFirst().orElse(null);
  }

  /** The name of any operator, supported or not. */
  static String name(int code) {
    BuiltinOperator supported = of(code);
    return supported != null
        ? supported.name()
        : OTHERS.getOrDefault(code, "operator code " + code);
  }

  static List<BuiltinOperator> supported() {
    return List.of(values());
  }
}
