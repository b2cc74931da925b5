package dev.earshot.ndp.differential;

import java.util.Arrays;

/** PAD by the zero point, or PADV2 by a value of the file. */
final class PadStep implements Step {
  @Override
  public boolean takes(Port input) {
    return input.rank() <= 4 && input.elements() < 5000;
  }

  @Override
  public Port append(Draw draw, Port input) {
    int rank = input.rank();
    int[] paddings = new int[2 * rank];
    int[] shape = input.shape();
    for (int axis = rank > 1 ? 1 : 0; axis < rank; axis++) {
      paddings[2 * axis] = draw.oneIn(2) ? 0 : draw.between(0, 3);
      paddings[2 * axis + 1] = draw.oneIn(2) ? 0 : draw.between(0, 3);
      shape[axis] += paddings[2 * axis] + paddings[2 * axis + 1];
    }
    Port output = draw.activation(input.scale(), input.zeroPoint(), shape);
    boolean byZero = draw.oneIn(2);
    int matrix = draw.int32s(paddings, rank, 2);
    draw.operator(
        (byZero ? "PAD " : "PADV2 ") + Arrays.toString(paddings),
        byZero ? 34 : 60,
        byZero
            ? new int[] {input.tensor(), matrix}
            : new int[] {
              input.tensor(), matrix, draw.constant(input.scale(), input.zeroPoint(), 1).tensor()
            },
        output,
        0,
        b -> 0);
    return output;
  }
}
