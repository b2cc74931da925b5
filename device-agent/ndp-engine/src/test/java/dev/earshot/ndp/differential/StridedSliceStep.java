package dev.earshot.ndp.differential;

import java.util.Arrays;

/** STRIDED_SLICE forwards and backwards, with masks, negative indices and shrunk dimensions. */
final class StridedSliceStep implements Step {
  @Override
  public boolean takes(Port input) {
    return input.rank() <= 5;
  }

  @Override
  public Port append(Draw draw, Port input) {
    int rank = input.rank();
    int named = draw.oneIn(6) ? draw.between(1, rank) : rank;
    int[] begin = new int[named];
    int[] end = new int[named];
    int[] strides = new int[named];
    int[] masks = new int[3];
    int[] kept = new int[rank];
    int dimensions = 0;
    for (int axis = 0; axis < rank; axis++) {
      int size = input.dimension(axis);
      if (axis >= named) {
        kept[dimensions++] = size;
        continue;
      }
      boolean shrink = rank - axis + dimensions > 1 && draw.oneIn(5);
      int first = draw.between(0, size - 1);
      boolean back = !shrink && draw.oneIn(4);
      strides[axis] = shrink ? 1 : draw.between(1, 3) * (back ? -1 : 1);
      int last = back ? draw.between(-1, first - 1) : draw.between(first + 1, size);
      begin[axis] = draw.oneIn(3) ? first - size : first;
      // One before the first can't be named, except by a number far below.
      end[axis] =
          last < 0 ? -size - draw.between(1, 9) : draw.oneIn(3) && last < size ? last - size : last;
      if (draw.oneIn(5)) {
        masks[0] |= 1 << axis;
        first = back ? size - 1 : 0;
      }
      if (draw.oneIn(5)) {
        masks[1] |= 1 << axis;
        last = back ? -1 : size;
      }
      if (shrink) {
        masks[2] |= 1 << axis;
      } else {
        kept[dimensions++] = Math.ceilDiv(last - first, strides[axis]);
      }
    }
    Port output =
        draw.activation(input.scale(), input.zeroPoint(), Arrays.copyOf(kept, dimensions));
    draw.operator(
        "STRIDED_SLICE begin %s end %s strides %s, masks begin, end, shrink %s"
            .formatted(
                Arrays.toString(begin),
                Arrays.toString(end),
                Arrays.toString(strides),
                Arrays.toString(masks)),
        45,
        new int[] {
          input.tensor(),
          draw.int32s(begin, named),
          draw.int32s(end, named),
          draw.int32s(strides, named)
        },
        output,
        32,
        b -> {
          b.startTable(6);
          b.addInt(0, masks[0], 0);
          b.addInt(1, masks[1], 0);
          b.addInt(4, masks[2], 0);
          return b.endTable();
        });
    return output;
  }
}
