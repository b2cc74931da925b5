package dev.earshot.ndp.differential;

/** SOFTMAX along the last dimension. */
final class SoftmaxStep implements Step {
  /** With 256 equal classes TensorFlow Lite's reference ends the process. */
  private static final int MOST_CLASSES = 255;

  /** And with a scale times beta of 2^-26 or less, too. The engine refuses that. */
  private static final float LEAST_SCALE = 1e-6f;

  @Override
  public boolean takes(Port input) {
    return input.dimension(input.rank() - 1) <= MOST_CLASSES && input.scale() >= LEAST_SCALE;
  }

  @Override
  public int[] drawInput(Draw draw) {
    return draw.oneIn(2) ? draw.row() : draw.image();
  }

  @Override
  public Port append(Draw draw, Port input) {
    Port output = draw.activation(1 / 256f, -128, input.shape());
    float beta = draw.oneIn(2) ? 1 : draw.scale(0.1, 4);
    draw.operator(
        "SOFTMAX beta " + beta,
        25,
        new int[] {input.tensor()},
        output,
        9,
        b -> {
          b.startTable(1);
          b.addFloat(0, beta, 0);
          return b.endTable();
        });
    return output;
  }
}
