package dev.earshot.ndp.differential;

import java.util.Arrays;

/**
 * ADD or MUL of an activation and a constant, or its own mean over some dimensions, or itself: the
 * second operand repeats along some dimensions, or the first does.
 */
final class BroadcastStep implements Step {
  private static final double TYPICAL_PRODUCT = 74.0 * 100;
  private static final double TYPICAL_OUTPUT = 40;

  private final boolean product;

  BroadcastStep(boolean product) {
    this.product = product;
  }

  @Override
  public boolean takes(Port input) {
    return true;
  }

  @Override
  public int[] drawInput(Draw draw) {
    int[] shape = draw.oneIn(3) ? draw.row() : draw.image();
    for (int axis = 1; axis < shape.length; axis++) {
      shape[axis] = draw.oneIn(4) ? 1 : Math.min(shape[axis], 12);
    }
    return shape;
  }

  @Override
  public Port append(Draw draw, Port input) {
    Port other =
        switch (draw.between(input.rank() > 1 ? 0 : 1, 4)) {
          case 0 -> MeanStep.append(draw, input, MeanStep.axes(draw, input), true);
          case 1 -> input;
          default ->
              draw.constant(draw.scale(1e-3, 1), draw.zeroPoint(), constantShape(draw, input));
        };
    Port output =
        draw.activation(outputScale(draw, input, other), draw.zeroPoint(), broadcast(input, other));
    boolean swapped = draw.oneIn(2);
    int activation = draw.between(0, 3);
    draw.operator(
        "%s with %s%s, activation %d"
            .formatted(product ? "MUL" : "ADD", swapped ? "first operand " : "", other, activation),
        product ? 18 : 0,
        swapped
            ? new int[] {other.tensor(), input.tensor()}
            : new int[] {input.tensor(), other.tensor()},
        output,
        product ? 21 : 11,
        b -> {
          b.startTable(1);
          b.addByte(0, (byte) activation, 0);
          return b.endTable();
        });
    return output;
  }

  private float outputScale(Draw draw, Port input, Port other) {
    if (!product) {
      return Math.max(input.scale(), other.scale()) * draw.scale(0.1, 4);
    }
    double middle = (double) input.scale() * other.scale() * TYPICAL_PRODUCT / TYPICAL_OUTPUT;
    double scale = middle * (draw.oneIn(6) ? draw.scale(1e-4, 1e3) : draw.scale(0.1, 4));
    return (float) Math.max(Draw.LEAST_SCALE, scale);
  }

  /** As many dimensions, or fewer, or one more; along each the same size, or 1 on one side. */
  private static int[] constantShape(Draw draw, Port input) {
    int[] shape = input.shape();
    for (int axis = 0; axis < shape.length; axis++) {
      if (shape[axis] == 1) {
        shape[axis] = draw.oneIn(3) && axis > 0 ? draw.between(2, 4) : 1;
      } else if (draw.oneIn(2)) {
        shape[axis] = 1;
      }
    }
    return switch (draw.between(0, 5)) {
      case 0 -> Arrays.copyOfRange(shape, draw.between(0, shape.length), shape.length);
      case 1 -> new int[] {input.dimension(input.rank() - 1)};
      default -> shape;
    };
  }

  private static int[] broadcast(Port input, Port other) {
    int rank = Math.max(input.rank(), other.rank());
    int[] shape = new int[rank];
    for (int back = 1; back <= rank; back++) {
      int one = back > input.rank() ? 1 : input.dimension(input.rank() - back);
      int two = back > other.rank() ? 1 : other.dimension(other.rank() - back);
      shape[rank - back] = Math.max(one, two);
    }
    return shape;
  }
}
