package dev.earshot.ndp.differential;

import java.util.Arrays;

/**
 * CONV_2D whose sums are as large as they get and whose bias takes all but a little of them away,
 * at an output scale that shows each unit: an accumulator that is not exact is seen. The input for
 * which this is so is given to the draw; other inputs saturate.
 */
final class CancellingStep implements Step {
  private static final int SIDE = 3;
  private static final int LITTLE = 50;

  /** Times the least scale of weights it is far above the least that TensorFlow Lite takes. */
  private static final float LEAST_SCALE = 1e-4f;

  @Override
  public boolean takes(Port input) {
    return input.isImage()
        && input.dimension(1) >= SIDE
        && input.dimension(2) >= SIDE
        && input.dimension(3) <= 256
        && input.scale() >= LEAST_SCALE;
  }

  @Override
  public int[] drawInput(Draw draw) {
    return new int[] {
      1, 2 * draw.between(2, 4), 2 * draw.between(2, 4), draw.oneOf(16, 64, 128, 256)
    };
  }

  @Override
  public Port append(Draw draw, Port input) {
    int outputs = draw.oneOf(3, 16, 32);
    int depth = SIDE * SIDE * input.dimension(3);
    boolean large = !draw.oneIn(4);
    byte[] weights =
        large ? largeWeights(draw, input, outputs * depth) : draw.weightValues(outputs * depth);
    byte[] values = draw.inputValues(input.elements(), draw.between(0, 2));
    int row = draw.between(0, input.dimension(1) - SIDE);
    int column = draw.between(0, input.dimension(2) - SIDE);
    int[] patch = patch(input, row, column);
    if (large) {
      for (int k = 0; k < depth; k++) {
        values[patch[k]] = weights[k] < 0 ? Byte.MIN_VALUE : Byte.MAX_VALUE;
      }
    }
    int[] bias = new int[outputs];
    for (int o = 0; o < outputs; o++) {
      bias[o] = draw.between(-LITTLE, LITTLE);
      for (int k = 0; k < depth; k++) {
        bias[o] -= (values[patch[k]] - input.zeroPoint()) * weights[o * depth + k];
      }
    }
    draw.remarkable(values);
    float weightScale = draw.scale(1e-3, 1e-1);
    // The patch is the window of this row and column without padding, of the next with it.
    int padding = draw.between(0, 1);
    int lost = padding * (SIDE - 1);
    WindowDraw window =
        new WindowDraw(
            SIDE, SIDE, 1, 1, 1, 1, padding, input.dimension(1) - lost, input.dimension(2) - lost);
    Port output =
        draw.activation(
            input.scale() * weightScale * draw.scale(0.8, 1.25),
            draw.between(-LITTLE, LITTLE),
            1,
            window.outputHeight(),
            window.outputWidth(),
            outputs);
    return ConvStep.append(draw, input, window, weights, weightScale, bias, output);
  }

  /** Nearly all of the sign that can meet the larger inputs. */
  private static byte[] largeWeights(Draw draw, Port input, int count) {
    byte[] weights = new byte[count];
    for (int i = 0; i < count; i++) {
      boolean negative = (input.zeroPoint() > 0) != draw.oneIn(16);
      int magnitude = draw.between(90, 127);
      weights[i] = (byte) (negative ? -magnitude : magnitude);
    }
    return weights;
  }

  /** Where the window's values are in the input. */
  private static int[] patch(Port input, int row, int column) {
    int channels = input.dimension(3);
    int[] patch = new int[SIDE * SIDE * channels];
    Arrays.setAll(
        patch,
        k -> {
          int pixel = k / channels;
          int at = (row + pixel / SIDE) * input.dimension(2) + column + pixel % SIDE;
          return at * channels + k % channels;
        });
    return patch;
  }
}
