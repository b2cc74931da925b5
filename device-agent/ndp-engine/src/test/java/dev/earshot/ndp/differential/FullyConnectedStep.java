package dev.earshot.ndp.differential;

/**
 * FULLY_CONNECTED per tensor (also with a zero point of the weights) and per channel, on rows that
 * may lie in more dimensions, which the output keeps or not.
 */
final class FullyConnectedStep implements Step {
  @Override
  public boolean takes(Port input) {
    return input.rank() > 1 && input.elements() < 5000;
  }

  @Override
  public int[] drawInput(Draw draw) {
    if (draw.oneIn(3)) {
      return draw.image();
    }
    int[] shape = draw.row();
    shape[0] = draw.oneIn(4) ? draw.between(2, 3) : 1;
    if (draw.oneIn(12)) {
      // Sums that a float does not hold exactly.
      shape[1] = draw.oneOf(640, 1500);
    }
    return shape;
  }

  @Override
  public Port append(Draw draw, Port input) {
    int depth = input.dimension(input.rank() - 1);
    int outputs = draw.oneIn(4) ? draw.oneOf(8, 16, 33, 64) : draw.between(1, 11);
    Accumulation sums = Accumulation.draw(draw, input, depth, draw.oneIn(2) ? 1 : outputs);
    int zeroPoint = !sums.perChannel() && draw.oneIn(3) ? draw.zeroPoint() : 0;
    int weights =
        draw.weights(
            draw.weightValues(outputs * depth), sums.weightScales(), zeroPoint, 0, outputs, depth);
    int bias =
        draw.optionalBias(outputs, input.scale(), sums.weightScales(), 2 * sums.typicalSum());
    boolean keep = draw.oneIn(2);
    int[] shape = keep ? input.shape() : new int[] {input.elements() / depth, outputs};
    shape[shape.length - 1] = outputs;
    Port output = draw.activation(sums.outputScale(), draw.zeroPoint(), shape);
    int activation = draw.between(0, 3);
    draw.operator(
        "FULLY_CONNECTED %s, weights' zero point %d, activation %d%s%s"
            .formatted(
                sums.perChannel() ? "per channel" : "per tensor",
                zeroPoint,
                activation,
                bias < 0 ? " no bias" : "",
                keep ? " dimensions kept" : ""),
        9,
        new int[] {input.tensor(), weights, bias},
        output,
        8,
        b -> {
          b.startTable(3);
          b.addByte(0, (byte) activation, 0);
          b.addBoolean(2, keep, false);
          return b.endTable();
        });
    return output;
  }
}
