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
import java.util.EnumSet;
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
  private static final int MOST_STEPS = 6;

  @ParameterizedTest
  @EnumSource(Steps.class)
  void oneOperator_givesTheBitsOfTheReference(Steps operator) {
    TfLite library = RealTfLite.library();
    int telling = 0;
    for (int seed = 0; seed < MODELS; seed++) {
      Draw draw = new Draw(seed);
      Port input = draw.input(operator.step().drawInput(draw));
      telling += compare(library, draw, input, operator.step().append(draw, input)) ? 1 : 0;
    }
    assertTrue(telling > MODELS / 2, "only " + telling + " models do not saturate");
  }

  @Test
  void chain_givesTheBitsOfTheReference() {
    TfLite library = RealTfLite.library();
    for (int seed = 0; seed < MODELS; seed++) {
      Draw draw = new Draw(seed);
      Port input = draw.input(draw.oneIn(4) ? draw.row() : draw.image());
      Port end = input;
      int steps = draw.between(2, MOST_STEPS);
      for (int i = 0; i < steps; i++) {
        Port here = end;
        List<Steps> possible =
            Arrays.stream(Steps.values()).filter(each -> each.step().takes(here)).toList();
        end = possible.get(draw.between(0, possible.size() - 1)).step().append(draw, here);
      }
      compare(library, draw, input, end);
    }
  }

  /** Returns whether the outputs say something: three different values or more. */
  private static boolean compare(TfLite library, Draw draw, Port input, Port output) {
    byte[] file = draw.build(input, output);
    Set<Byte> seen = new HashSet<>();
    try (TfLiteInterpreter reference = reference(library, file, draw)) {
      List<Inference> engines = engines(file);
      for (int i = 0; i < INPUTS; i++) {
        byte[] values = draw.inputValues(input.elements(), i);
        byte[] expected = reference.invoke(values);
        for (byte value : expected) {
          seen.add(value);
        }
        for (Inference engine : engines) {
          check(expected, engine, values, "input " + i + " of " + draw.story());
        }
      }
    } catch (ModelFormatException e) {
      fail("refused: " + draw.story(), e);
    }
    return seen.size() > 2;
  }

  /** One for each way to run a model that this JVM has. */
  private static List<Inference> engines(byte[] file) throws ModelFormatException {
    List<Inference> engines = new ArrayList<>();
    for (Execution execution : EnumSet.of(Execution.PLAIN, Execution.best())) {
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

  private static TfLiteInterpreter reference(TfLite library, byte[] file, Draw draw) {
    try {
      return library.interpreter(file, TfLiteKernels.REFERENCE);
    } catch (IllegalArgumentException e) {
      throw new AssertionError("TensorFlow Lite refuses: " + draw.story(), e);
    }
  }
}
