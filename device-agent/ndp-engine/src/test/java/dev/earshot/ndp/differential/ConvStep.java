package dev.earshot.ndp.differential;

/**
 * CONV_2D with every padding, stride, dilation, activation and kind of scale; always with a bias,
 * which TensorFlow Lite demands here.
 */
final class ConvStep implements Step {
  @Override
  public boolean takes(Port input) {
    return input.isImage();
  }

  @Override
  public Port append(Draw draw, Port input) {
    int outputs = draw.oneIn(4) ? draw.oneOf(8, 16, 32, 40) : draw.between(1, 11);
    return append(draw, input, WindowDraw.draw(draw, input, true), outputs);
  }

  static Port append(Draw draw, Port input, WindowDraw window, int outputs) {
    int channels = input.dimension(3);
    int depth = window.height() * window.width() * channels;
    Accumulation sums = Accumulation.draw(draw, input, depth, draw.oneIn(4) ? 1 : outputs);
    int weights =
        draw.weights(
            draw.weightValues(outputs * depth),
            sums.weightScales(),
            0,
            0,
            outputs,
            window.height(),
            window.width(),
            channels);
    int bias = draw.bias(outputs, input.scale(), sums.weightScales(), 2 * sums.typicalSum());
    Port output =
        draw.activation(
            sums.outputScale(),
            draw.zeroPoint(),
            1,
            window.outputHeight(),
            window.outputWidth(),
            outputs);
    return write(
        draw, window, new int[] {input.tensor(), weights, bias}, output, sums.perChannel());
  }

  /** The same with everything given, one scale for all weights. */
  static Port append(
      Draw draw,
      Port input,
      WindowDraw window,
      byte[] weights,
      float weightScale,
      int[] bias,
      Port output) {
    int outputs = output.dimension(3);
    int[] shape = {outputs, window.height(), window.width(), input.dimension(3)};
    float[] scales = {weightScale};
    int[] inputs = {
      input.tensor(),
      draw.weights(weights, scales, 0, 0, shape),
      draw.bias(bias, input.scale(), scales)
    };
    return write(draw, window, inputs, output, false);
  }

  private static Port write(
      Draw draw, WindowDraw window, int[] inputs, Port output, boolean perChannel) {
    int activation = draw.between(0, 3);
    draw.operator(
        "CONV_2D %s, %s, activation %d"
            .formatted(window, perChannel ? "per channel" : "per tensor", activation),
        3,
        inputs,
        output,
        1,
        b -> {
          b.startTable(6);
          b.addByte(0, (byte) window.padding(), 0);
          b.addInt(1, window.strideWidth(), 0);
          b.addInt(2, window.strideHeight(), 0);
          b.addByte(3, (byte) activation, 0);
          b.addInt(4, window.dilationWidth(), 1);
          b.addInt(5, window.dilationHeight(), 1);
          return b.endTable();
        });
    return output;
  }
}
