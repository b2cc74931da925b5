package dev.earshot.ndp.differential;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.earshot.ndp.Execution;
import dev.earshot.ndp.Inference;
import dev.earshot.ndp.MlperfTiny;
import dev.earshot.ndp.NdpModel;
import dev.earshot.ndp.graph.Operator;
import dev.earshot.ndp.kernel.Rounding;
import dev.earshot.tflite.TfLiteInterpreter;
import dev.earshot.tflite.TfLiteKernels;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Every operator of the MLPerf Tiny models on random inputs, against TensorFlow Lite's reference
 * kernels.
 */
class MlperfTinyModelsTest {
  private static final int STEP = 12;

  @ParameterizedTest
  @CsvSource({
    "kws_ref_model, 300",
    "str_ww_ref_model, 300",
    "vww_96_int8, 40",
    "pretrainedResnet_quant, 40",
    "pretrainedResnet_large_int8, 8",
    "ad01_int8, 300"
  })
  void everyOperator_givesTheBitsOfTheReference(String name, int inputs) throws IOException {
    byte[] file = MlperfTiny.model(name);
    SplittableRandom random = new SplittableRandom(7);
    try (TfLiteInterpreter reference =
        RealTfLite.library().interpreter(AllOutputs.of(file), TfLiteKernels.REFERENCE)) {
      List<Inference> engines = new ArrayList<>();
      for (Execution execution : Execution.possible()) {
        engines.add(NdpModel.parse(file, Rounding.TFLITE_2_20, execution).newInference());
      }
      byte[] output = new byte[reference.outputBytes()];
      assertEquals(engines.getFirst().model().graph().operators().size(), reference.outputs());
      for (int i = 0; i < inputs; i++) {
        byte[] input = input(random, reference.inputBytes(), i);
        reference.invoke(input, output);
        for (Inference engine : engines) {
          engine.run(input);
          compare(reference, engine, engine.model().execution() + ", input " + i);
        }
      }
    }
  }

  private static void compare(TfLiteInterpreter reference, Inference inference, String which) {
    List<Operator> operators = inference.model().graph().operators();
    Set<Operator> compared = new HashSet<>();
    inference.trace(
        (operator, actual) -> {
          int number = operators.indexOf(operator);
          assertArrayEquals(
              reference.output(number),
              actual,
              () -> which + ", operator " + number + " " + operator.kind());
          compared.add(operator);
        });
    // A reshape computes nothing, so that it may have no output of its own.
    assertTrue(
        operators.stream()
            .allMatch(each -> each instanceof Operator.Reshape || compared.contains(each)));
  }

  /** The extremes first, then noise and, as real inputs are smooth, wanderings. */
  private static byte[] input(SplittableRandom random, int length, int number) {
    byte[] input = new byte[length];
    if (number < 2) {
      Arrays.fill(input, number == 0 ? Byte.MIN_VALUE : Byte.MAX_VALUE);
    } else if (number % 2 == 0) {
      random.nextBytes(input);
    } else {
      int value = random.nextInt(-128, 128);
      for (int i = 0; i < length; i++) {
        value = Math.clamp(value + random.nextInt(-STEP, STEP + 1), -128, 127);
        input[i] = (byte) value;
      }
    }
    return input;
  }
}
