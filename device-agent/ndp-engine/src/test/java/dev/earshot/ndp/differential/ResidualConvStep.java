package dev.earshot.ndp.differential;

/**
 * CONV_2D as residual networks have it, for which there are algorithms of their own: a dense 3x3
 * window, stride 1, channels by the vector.
 */
final class ResidualConvStep implements Step {
  private static final int SAME = 0;
  private static final int VALID = 1;

  @Override
  public boolean takes(Port input) {
    return input.isImage()
        && input.dimension(1) > 2
        && input.dimension(2) > 2
        && input.dimension(3) % 8 == 0
        && input.dimension(3) <= 64;
  }

  @Override
  public int[] drawInput(Draw draw) {
    return new int[] {
      1, draw.between(3, 12), draw.between(3, 12), draw.oneOf(8, 16, 16, 32, 32, 48, 64)
    };
  }

  @Override
  public Port append(Draw draw, Port input) {
    int padding = draw.oneIn(4) ? VALID : SAME;
    int lost = padding == VALID ? 2 : 0;
    WindowDraw window =
        new WindowDraw(
            3, 3, 1, 1, 1, 1, padding, input.dimension(1) - lost, input.dimension(2) - lost);
    return ConvStep.append(draw, input, window, draw.oneOf(8, 16, 16, 32, 48, 64));
  }
}
