package dev.earshot.ndp.differential;

/** DEPTHWISE_CONV_2D with every padding, stride, dilation, activation and depth multiplier. */
final class DepthwiseStep implements Step {
  @Override
  public boolean takes(Port input) {
    return input.isImage();
  }

  @Override
  public Port append(Draw draw, Port input) {
    WindowDraw window = WindowDraw.draw(draw, input, true);
    int multiplier = draw.oneIn(3) ? draw.between(2, 4) : 1;
    int outputs = input.dimension(3) * multiplier;
    int depth = window.height() * window.width();
    Accumulation sums = Accumulation.draw(draw, input, depth, draw.oneIn(4) ? 1 : outputs);
    int weights =
        draw.weights(
            draw.weightValues(outputs * depth),
            sums.weightScales(),
            0,
            3,
            1,
            window.height(),
            window.width(),
            outputs);
    int bias =
        draw.optionalBias(outputs, input.scale(), sums.weightScales(), 2 * sums.typicalSum());
    Port output =
        draw.activation(
            sums.outputScale(),
            draw.zeroPoint(),
            1,
            window.outputHeight(),
            window.outputWidth(),
            outputs);
    int activation = draw.between(0, 3);
    draw.operator(
        "DEPTHWISE_CONV_2D %s, %s, activation %d multiplier %d%s"
            .formatted(
                window,
                sums.perChannel() ? "per channel" : "per tensor",
                activation,
                multiplier,
                bias < 0 ? " no bias" : ""),
        4,
        bias < 0 ? new int[] {input.tensor(), weights} : new int[] {input.tensor(), weights, bias},
        output,
        2,
        b -> {
          b.startTable(7);
          b.addByte(0, (byte) window.padding(), 0);
          b.addInt(1, window.strideWidth(), 0);
          b.addInt(2, window.strideHeight(), 0);
          b.addInt(3, multiplier, 0);
          b.addByte(4, (byte) activation, 0);
          b.addInt(5, window.dilationWidth(), 1);
          b.addInt(6, window.dilationHeight(), 1);
          return b.endTable();
        });
    return output;
  }
}
