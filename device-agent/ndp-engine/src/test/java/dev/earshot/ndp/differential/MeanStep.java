package dev.earshot.ndp.differential;

import java.util.Arrays;
import java.util.stream.IntStream;

/** MEAN over some dimensions, named forwards or backwards and in any order. */
final class MeanStep implements Step {
  @Override
  public boolean takes(Port input) {
    return input.rank() > 1;
  }

  @Override
  public Port append(Draw draw, Port input) {
    return append(draw, input, axes(draw, input), draw.oneIn(2));
  }

  /** At least one; not all of them, since other steps want at least one dimension. */
  static int[] axes(Draw draw, Port input) {
    int averaged = draw.between(0, input.rank() - 1);
    int spared = (averaged + draw.between(1, input.rank() - 1)) % input.rank();
    return IntStream.range(0, input.rank())
        .filter(axis -> axis == averaged || axis != spared && draw.oneIn(2))
        .toArray();
  }

  static Port append(Draw draw, Port input, int[] axes, boolean keep) {
    int[] shape =
        IntStream.range(0, input.rank())
            .filter(axis -> keep || !contains(axes, axis))
            .map(axis -> contains(axes, axis) ? 1 : input.dimension(axis))
            .toArray();
    boolean same = draw.oneIn(4);
    Port output =
        draw.activation(
            same ? input.scale() : input.scale() * draw.scale(draw.oneIn(8) ? 1e-3 : 0.1, 3),
            same ? input.zeroPoint() : draw.zeroPoint(),
            shape);
    int[] named =
        Arrays.stream(axes).map(axis -> draw.oneIn(3) ? axis - input.rank() : axis).toArray();
    if (named.length > 1 && draw.oneIn(2)) {
      int first = named[0];
      named[0] = named[1];
      named[1] = first;
    }
    draw.operator(
        "MEAN over " + Arrays.toString(named) + (keep ? " kept" : ""),
        40,
        new int[] {input.tensor(), draw.int32s(named, named.length)},
        output,
        27,
        b -> {
          b.startTable(1);
          b.addBoolean(0, keep, false);
          return b.endTable();
        });
    return output;
  }

  private static boolean contains(int[] axes, int axis) {
    return Arrays.stream(axes).anyMatch(each -> each == axis);
  }
}
