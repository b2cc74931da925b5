package dev.earshot.ndp.differential;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
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
import java.util.HashSet;
import java.util.List;
import java.util.Set;
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
    int telling = 0;
    for (int seed = 0; seed < MODELS; seed++) {
      telling += compare(library, RandomModel.of(operator, seed)) ? 1 : 0;
    }
    assertTrue(telling > MODELS / 2, "only " + telling + " models do not saturate");
  }

  @Test
  void chain_givesTheBitsOfTheReference() {
    TfLite library = RealTfLite.library();
    for (int seed = 0; seed < MODELS; seed++) {
      compare(library, RandomModel.chain(seed));
    }
  }

  /** Returns whether the outputs say something: three different values or more. */
  private static boolean compare(TfLite library, RandomModel model) {
    byte[] file = model.file();
    Set<Byte> seen = new HashSet<>();
    try (TfLiteInterpreter reference = reference(library, file, model)) {
      List<Inference> engines = engines(file);
      for (int i = 0; i < INPUTS; i++) {
        byte[] values = model.inputValues(i);
        byte[] expected = reference.invoke(values);
        for (byte value : expected) {
          seen.add(value);
        }
        for (Inference engine : engines) {
          check(expected, engine, values, "input " + i + " of " + model.story());
        }
      }
      for (Inference engine : engines) {
        assertEquals(trace(engines.getFirst()), trace(engine), model.story());
      }
    } catch (ModelFormatException e) {
      fail("refused: " + model.story(), e);
    }
    return seen.size() > 2;
  }

  /** One for each way to run a model that this JVM has. */
  private static List<Inference> engines(byte[] file) throws ModelFormatException {
    List<Inference> engines = new ArrayList<>();
    for (Execution execution : Execution.possible()) {
      engines.add(NdpModel.parse(file, Rounding.TFLITE_2_20, execution).newInference());
    }
    return engines;
  }

  private static void check(byte[] expected, Inference engine, byte[] input, String where) {
    byte[] actual = engine.run(input);
    int at = Arrays.mismatch(expected, actual);
    if (at >= 0) {
      assertEquals(
          Arrays.toString(expected),
          Arrays.toString(actual),
          engine.model().execution() + ", value " + at + " of " + where);
    }
  }

  /** What every operator gave for the last input. */
  private static List<String> trace(Inference engine) {
    List<String> values = new ArrayList<>();
    engine.trace((operator, output) -> values.add(operator.kind() + Arrays.toString(output)));
    return values;
  }

  private static TfLiteInterpreter reference(TfLite library, byte[] file, RandomModel model) {
    try {
      return library.interpreter(file, TfLiteKernels.REFERENCE);
    } catch (IllegalArgumentException e) {
      throw new AssertionError("TensorFlow Lite refuses: " + model.story(), e);
    }
  }
}
