package dev.earshot.ndp.differential;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import dev.earshot.ndp.Execution;
import dev.earshot.ndp.Inference;
import dev.earshot.ndp.NdpModel;
import dev.earshot.ndp.graph.ModelFormatException;
import dev.earshot.ndp.kernel.Rounding;
import dev.earshot.tflite.TfLite;
import dev.earshot.tflite.TfLiteInterpreter;
import dev.earshot.tflite.TfLiteKernels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Random models of every operator and of small chains of them, against TensorFlow Lite's reference
 * kernels, bit for bit. More of them: {@code -Dearshot.differential.models=20000}.
 */
class RandomModelsTest {
  private static final int MODELS = Integer.getInteger("earshot.differential.models", 150);
  private static final int INPUTS = 4;

  @ParameterizedTest
  @EnumSource(Steps.class)
  void oneOperator_givesTheBitsOfTheReference(Steps operator) {
    TfLite library = RealTfLite.library();
    for (int seed = 0; seed < MODELS; seed++) {
      compare(library, RandomModel.of(operator, seed));
    }
  }

  @Test
  void chain_givesTheBitsOfTheReference() {
    TfLite library = RealTfLite.library();
    for (int seed = 0; seed < MODELS; seed++) {
      compare(library, RandomModel.chain(seed));
    }
  }

  private static void compare(TfLite library, RandomModel model) {
    byte[] file = model.file();
    try (TfLiteInterpreter reference = reference(library, file, model)) {
      List<Inference> inferences = new ArrayList<>();
      for (Execution execution : EnumSet.of(Execution.PLAIN, Execution.best())) {
        inferences.add(NdpModel.parse(file, Rounding.TFLITE_2_20, execution).newInference());
      }
      for (int i = 0; i < INPUTS; i++) {
        byte[] values = model.randomInput();
        byte[] expected = reference.invoke(values);
        for (Inference inference : inferences) {
          byte[] actual = inference.run(values);
          int at = Arrays.mismatch(expected, actual);
          if (at >= 0) {
            assertEquals(
                Arrays.toString(expected),
                Arrays.toString(actual),
                "value %d of input %d, %s, of %s"
                    .formatted(at, i, inference.model().execution(), model.story()));
          }
        }
      }
    } catch (ModelFormatException e) {
      fail("refused: " + model.story(), e);
    }
  }

  private static TfLiteInterpreter reference(TfLite library, byte[] file, RandomModel model) {
    try {
      return library.interpreter(file, TfLiteKernels.REFERENCE);
    } catch (IllegalArgumentException e) {
      throw new AssertionError("TensorFlow Lite refuses: " + model.story(), e);
    }
  }
}
