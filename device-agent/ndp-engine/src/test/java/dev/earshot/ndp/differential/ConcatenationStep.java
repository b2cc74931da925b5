package dev.earshot.ndp.differential;

import java.util.ArrayList;
import java.util.List;

/** CONCATENATION of an activation, itself and constants along any dimension but the first. */
final class ConcatenationStep implements Step {
  @Override
  public boolean takes(Port input) {
    return input.rank() > 1 && input.elements() < 5000;
  }

  @Override
  public Port append(Draw draw, Port input) {
    int axis = draw.between(1, input.rank() - 1);
    List<Port> parts = new ArrayList<>(List.of(input));
    for (int more = draw.between(0, 3); more > 0; more--) {
      int[] shape = input.shape();
      shape[axis] = draw.between(1, 5);
      parts.add(
          draw.between(0, parts.size()),
          draw.oneIn(2) ? input : draw.constant(input.scale(), input.zeroPoint(), shape));
    }
    int[] shape = input.shape();
    shape[axis] = parts.stream().mapToInt(part -> part.dimension(axis)).sum();
    Port output = draw.activation(input.scale(), input.zeroPoint(), shape);
    int named = draw.oneIn(2) ? axis : axis - input.rank();
    draw.operator(
        "CONCATENATION of " + parts + " along " + named,
        2,
        parts.stream().mapToInt(Port::tensor).toArray(),
        output,
        10,
        b -> {
          b.startTable(2);
          b.addInt(0, named, 0);
          return b.endTable();
        });
    return output;
  }
}
