package dev.earshot.ndp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.earshot.ndp.graph.ModelFormatException;
import dev.earshot.ndp.graph.Shape;
import dev.earshot.ndp.tflite.ModelFile;
import org.junit.jupiter.api.Test;

/** What a model is said to cost. */
class ModelSummaryTest {
  private static final int CONCATENATION = 2;
  private static final int MUL = 18;
  private static final int MAX_POOL_2D = 17;

  private final ModelFile file = new ModelFile();

  private ModelSummary summary(int input, int output) throws ModelFormatException {
    return NdpModel.parse(file.build(new int[] {input}, new int[] {output})).summary();
  }

  @Test
  void constantOperand_isAParameterAndTakesNoArena() throws ModelFormatException {
    int in = file.activation("in", 1, 0, 1, 2, 2, 3);
    int scale = file.weights("scale", new byte[3], 0, new float[] {1}, 3);
    int out = file.activation("out", 1, 0, 1, 2, 2, 3);
    file.numbered(MUL, 21, new int[0], out, in, scale);
    ModelSummary summary = summary(in, out);
    assertEquals(3, summary.parameters());
    assertEquals(3, summary.weightBytes());
    assertEquals(0, summary.macs());
    assertEquals(24, summary.arenaBytes());
    assertEquals(Shape.of(3), summary.steps().getFirst().weights());
    assertEquals("per tensor", summary.steps().getFirst().quantization());
  }

  @Test
  void activationThatIsReadAgainLater_staysInTheArena() throws ModelFormatException {
    int in = file.activation("in", 1, 0, 1, 4, 4, 1);
    int pooled = file.activation("pooled", 1, 0, 1, 4, 4, 1);
    int out = file.activation("out", 1, 0, 1, 4, 4, 2);
    file.numbered(MAX_POOL_2D, 5, new int[] {0, 1, 1, 2, 2, 0}, pooled, in);
    file.numbered(CONCATENATION, 10, new int[] {3}, out, in, pooled);
    assertEquals(16 + 16 + 32, summary(in, out).arenaBytes());
  }
}
