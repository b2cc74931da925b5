package dev.earshot.tflite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TfLiteTest {
  private static TfLite library() {
    return switch (TfLite.load()) {
      case TfLite.Available(TfLite library) -> library;
      case TfLite.Unavailable(String reason) -> abort("skipped: " + reason);
    };
  }

  @Test
  void library_isTheReleaseWhoseRoundingIsNamed() {
    assertTrue(library().version().startsWith("2.20."), library().version());
  }

  @ParameterizedTest
  @EnumSource(TfLiteKernels.class)
  void bytesThatAreNoModel_areRefused(TfLiteKernels kernels) {
    TfLite library = library();
    assertEquals(
        "TensorFlow Lite: not a model",
        assertThrows(
                IllegalArgumentException.class, () -> library.interpreter(new byte[64], kernels))
            .getMessage());
  }

  @Test
  void referenceOperators_areAllThatTheModelsOfThisProjectNeed() {
    Map<Integer, String> needed =
        Map.ofEntries(
            Map.entry(0, "ADD"),
            Map.entry(1, "AVERAGE_POOL_2D"),
            Map.entry(2, "CONCATENATION"),
            Map.entry(3, "CONV_2D"),
            Map.entry(4, "DEPTHWISE_CONV_2D"),
            Map.entry(6, "DEQUANTIZE"),
            Map.entry(9, "FULLY_CONNECTED"),
            Map.entry(14, "LOGISTIC"),
            Map.entry(17, "MAX_POOL_2D"),
            Map.entry(18, "MUL"),
            Map.entry(19, "RELU"),
            Map.entry(21, "RELU6"),
            Map.entry(22, "RESHAPE"),
            Map.entry(25, "SOFTMAX"),
            Map.entry(34, "PAD"),
            Map.entry(40, "MEAN"),
            Map.entry(45, "STRIDED_SLICE"),
            Map.entry(60, "PADV2"),
            Map.entry(114, "QUANTIZE"));
    needed.forEach(
        (code, name) -> assertTrue(library().reference().versions(code).contains(1), name));
  }
}
