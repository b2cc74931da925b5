package dev.earshot.ndp.differential;

/** MAX_POOL_2D. */
final class MaxPoolStep implements Step {
  @Override
  public boolean takes(Port input) {
    return input.isImage();
  }

  @Override
  public Port append(Draw draw, Port input) {
    WindowDraw window = WindowDraw.draw(draw, input, false);
    Port output =
        draw.activation(
            input.scale(),
            input.zeroPoint(),
            1,
            window.outputHeight(),
            window.outputWidth(),
            input.dimension(3));
    int activation = draw.between(0, 3);
    draw.operator(
        "MAX_POOL_2D %s, activation %d".formatted(window, activation),
        17,
        new int[] {input.tensor()},
        output,
        5,
        b -> {
          b.startTable(6);
          b.addByte(0, (byte) window.padding(), 0);
          b.addInt(1, window.strideWidth(), 0);
          b.addInt(2, window.strideHeight(), 0);
          b.addInt(3, window.width(), 0);
          b.addInt(4, window.height(), 0);
          b.addByte(5, (byte) activation, 0);
          return b.endTable();
        });
    return output;
  }
}
