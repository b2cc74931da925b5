package dev.earshot.ndp.graph;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class TensorTest {
  @Test
  void int4Weights_areTakenLowNibbleFirstWithTheirSigns() {
    // -8 and 7, -1 and 1, then 3 alone with an unused high nibble
    Tensor weights = constant(ElementType.INT4, 5, 0x78, 0x1F, 0x03);

    assertArrayEquals(new byte[] {-8, 7, -1, 1, 3}, weights.weightValues());
    assertEquals(3, weights.bytes());
  }

  @Test
  void int8Weights_areTakenAsTheyAre() {
    Tensor weights = constant(ElementType.INT8, 3, -128, 0, 127);

    assertArrayEquals(new byte[] {-128, 0, 127}, weights.weightValues());
    assertEquals(3, weights.bytes());
  }

  @Test
  void otherTypes_areNoWeights() {
    Tensor bias = constant(ElementType.INT32, 1, 1, 0, 0, 0);

    var error = assertThrows(IllegalStateException.class, bias::weightValues);

    assertEquals("tensor 3 'w' is of INT32", error.getMessage());
    assertEquals(4, bias.bytes());
  }

  private static Tensor constant(ElementType type, int elements, int... bytes) {
    ByteBuffer buffer = ByteBuffer.allocate(bytes.length);
    for (int value : bytes) {
      buffer.put((byte) value);
    }
    return new Tensor(3, "w", type, Shape.of(elements), null, buffer.flip());
  }
}
