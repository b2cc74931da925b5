package dev.earshot.ndp.differential;

/** ADD of an activation and itself, or what a 1x1 convolution makes of it at another scale. */
final class AddStep implements Step {
  /** Of the convolution, so that a few of them stay below the engine's limit of constants. */
  private static final int MOST_CHANNELS = 256;

  @Override
  public boolean takes(Port input) {
    return input.isImage();
  }

  @Override
  public Port append(Draw draw, Port input) {
    Port other =
        draw.oneIn(4) || input.dimension(3) > MOST_CHANNELS ? input : convolved(draw, input);
    float larger = Math.max(input.scale(), other.scale());
    Port output = draw.activation(larger * draw.scale(0.25, 4), draw.zeroPoint(), input.shape());
    boolean swapped = draw.oneIn(2);
    int activation = draw.between(0, 3);
    draw.operator(
        "ADD activation " + activation,
        0,
        swapped
            ? new int[] {other.tensor(), input.tensor()}
            : new int[] {input.tensor(), other.tensor()},
        output,
        11,
        b -> {
          b.startTable(1);
          b.addByte(0, (byte) activation, 0);
          return b.endTable();
        });
    return output;
  }

  private static Port convolved(Draw draw, Port input) {
    WindowDraw window = new WindowDraw(1, 1, 1, 1, 1, 1, 1, input.dimension(1), input.dimension(2));
    return ConvStep.append(draw, input, window, input.dimension(3));
  }
}
