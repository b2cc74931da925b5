package dev.earshot.ndp.differential;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.earshot.ndp.Inference;
import dev.earshot.ndp.NdpModel;
import dev.earshot.ndp.graph.ModelFormatException;
import dev.earshot.tflite.TfLite;
import dev.earshot.tflite.TfLiteInterpreter;
import dev.earshot.tflite.TfLiteKernels;
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
      Inference inference = NdpModel.parse(file).newInference();
      for (int i = 0; i < INPUTS; i++) {
        byte[] values = draw.bytes(input.elements());
        byte[] expected = reference.invoke(values);
        byte[] actual = inference.run(values);
        for (byte value : expected) {
          seen.add(value);
        }
        int at = Arrays.mismatch(expected, actual);
        if (at >= 0) {
          assertEquals(
              Arrays.toString(expected),
              Arrays.toString(actual),
              "value " + at + " of input " + i + " of " + draw.story());
        }
      }
    } catch (ModelFormatException e) {
      fail("refused: " + draw.story(), e);
    }
    return seen.size() > 2;
  }

  private static TfLiteInterpreter reference(TfLite library, byte[] file, Draw draw) {
    try {
      return library.interpreter(file, TfLiteKernels.REFERENCE);
    } catch (IllegalArgumentException e) {
      throw new AssertionError("TensorFlow Lite refuses: " + draw.story(), e);
    }
  }
}
