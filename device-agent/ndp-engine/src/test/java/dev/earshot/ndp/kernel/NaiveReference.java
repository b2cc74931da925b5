package dev.earshot.ndp.kernel;

import dev.earshot.ndp.graph.Activation;
import dev.earshot.ndp.graph.Operator;
import dev.earshot.ndp.graph.Quantization;
import dev.earshot.ndp.graph.SlidingWindow;
import dev.earshot.ndp.graph.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * The definition of each operator, written down as plainly as possible: seven nested loops, bounds
 * checks instead of padding, gemmlowp's arithmetic in its original form. Slow and obviously right.
 */
final class NaiveReference {
  private NaiveReference() {}

  static byte[] conv(Operator.Conv2d op, byte[] input) {
    int outputs = op.weights().shape().dimension(0);
    int depth = op.weights().shape().dimension(3);
    return window(
        op.input(),
        op.output(),
        op.window(),
        outputs,
        (y, x, o, at) -> {
          long sum = biasOf(op.bias(), o);
          for (int i = 0; i < op.window().height(); i++) {
            for (int j = 0; j < op.window().width(); j++) {
              for (int c = 0; c < depth; c++) {
                int weight = ((o * op.window().height() + i) * op.window().width() + j) * depth + c;
                sum +=
                    (long) at.value(input, y, x, i, j, c)
                        * op.weights().requireConstant().get(weight);
              }
            }
          }
          return requantize(sum, op.input(), op.weights(), op.output(), o, op.activation());
        });
  }

  static byte[] depthwise(Operator.DepthwiseConv2d op, byte[] input) {
    int outputs = op.weights().shape().dimension(3);
    return window(
        op.input(),
        op.output(),
        op.window(),
        outputs,
        (y, x, o, at) -> {
          long sum = biasOf(op.bias(), o);
          for (int i = 0; i < op.window().height(); i++) {
            for (int j = 0; j < op.window().width(); j++) {
              int weight = (i * op.window().width() + j) * outputs + o;
              sum +=
                  (long) at.value(input, y, x, i, j, o / op.depthMultiplier())
                      * op.weights().requireConstant().get(weight);
            }
          }
          return requantize(sum, op.input(), op.weights(), op.output(), o, op.activation());
        });
  }

  static byte[] averagePool(Operator.AveragePool2d op, byte[] input) {
    int channels = op.input().shape().dimension(3);
    int zeroPoint = op.input().requireQuantization().zeroPoint();
    return window(
        op.input(),
        op.output(),
        op.window(),
        channels,
        (y, x, o, at) -> {
          int sum = 0;
          int count = 0;
          for (int i = 0; i < op.window().height(); i++) {
            for (int j = 0; j < op.window().width(); j++) {
              if (at.isInside(y, x, i, j)) {
                sum += at.value(input, y, x, i, j, o) + zeroPoint;
                count++;
              }
            }
          }
          long mean = Math.round(Math.abs((double) sum) / count);
          return clamp(sum < 0 ? -mean : mean, op.output(), op.activation());
        });
  }

  static byte[] add(Operator.Add op, byte[] first, byte[] second) {
    Quantization a = op.first().requireQuantization();
    Quantization b = op.second().requireQuantization();
    Quantization out = op.output().requireQuantization();
    double common = 2 * (double) Math.max(a.scale(), b.scale());
    byte[] output = new byte[first.length];
    for (int i = 0; i < output.length; i++) {
      int x = multiply((first[i] - a.zeroPoint()) << 20, a.scale() / common);
      int y = multiply((second[i] - b.zeroPoint()) << 20, b.scale() / common);
      int sum = multiply(x + y, common / ((1 << 20) * (double) out.scale()));
      output[i] = clamp(sum + out.zeroPoint(), op.output(), op.activation());
    }
    return output;
  }

  /** {@code MultiplyByQuantizedMultiplier} as gemmlowp writes it. */
  static int multiply(int x, double real) {
    int exponent = Math.getExponent(real) + 1;
    long mantissa = Math.round(real / Math.pow(2, exponent) * (1L << 31));
    if (mantissa == 1L << 31) {
      mantissa /= 2;
      exponent++;
    }
    if (exponent < -31) {
      return 0;
    }
    int shifted = exponent > 0 ? x * (1 << exponent) : x;
    long product = (long) shifted * (int) mantissa;
    long nudge = product >= 0 ? 1L << 30 : 1 - (1L << 30);
    int high = (int) ((product + nudge) / (1L << 31));
    int right = Math.max(-exponent, 0);
    int mask = (int) ((1L << right) - 1);
    int remainder = high & mask;
    int threshold = (mask >>> 1) + (high < 0 ? 1 : 0);
    return (right == 31 && high >= 0 ? 0 : high >> right) + (remainder > threshold ? 1 : 0);
  }

  private static byte requantize(
      long sum, Tensor input, Tensor weights, Tensor output, int channel, Activation activation) {
    double real =
        (double) input.requireQuantization().scale()
            * weights.requireQuantization().scale(channel)
            / output.requireQuantization().scale();
    long value = output.requireQuantization().zeroPoint() + (long) multiply((int) sum, real);
    return clamp(value, output, activation);
  }

  private static byte clamp(long value, Tensor output, Activation activation) {
    Quantization quantization = output.requireQuantization();
    long low = Byte.MIN_VALUE;
    long high = Byte.MAX_VALUE;
    long zero = quantization.zeroPoint();
    switch (activation) {
      case NONE -> {}
      case RELU -> low = Math.max(low, zero);
      case RELU6 -> {
        low = Math.max(low, zero);
        high = Math.min(high, zero + Math.round(6 / quantization.scale()));
      }
      case RELU_N1_TO_1 -> {
        low = Math.max(low, zero - Math.round(1 / quantization.scale()));
        high = Math.min(high, zero + Math.round(1 / quantization.scale()));
      }
    }
    return (byte) Math.min(Math.max(value, low), high);
  }

  private static int biasOf(@Nullable Tensor bias, int channel) {
    return bias == null ? 0 : bias.requireConstant().getInt(4 * channel);
  }

  private interface Pixel {
    byte compute(int y, int x, int channel, Access at);
  }

  private record Access(Tensor input, SlidingWindow window) {
    private int row(int y, int i) {
      int top = window.paddingTop(input.shape().dimension(1));
      return y * window.strideHeight() + i * window.dilationHeight() - top;
    }

    private int column(int x, int j) {
      int left = window.paddingLeft(input.shape().dimension(2));
      return x * window.strideWidth() + j * window.dilationWidth() - left;
    }

    boolean isInside(int y, int x, int i, int j) {
      int row = row(y, i);
      int column = column(x, j);
      return row >= 0
          && row < input.shape().dimension(1)
          && column >= 0
          && column < input.shape().dimension(2);
    }

    int value(byte[] data, int y, int x, int i, int j, int channel) {
      if (!isInside(y, x, i, j)) {
        return 0;
      }
      int width = input.shape().dimension(2);
      int channels = input.shape().dimension(3);
      int index = (row(y, i) * width + column(x, j)) * channels + channel;
      return data[index] - input.requireQuantization().zeroPoint();
    }
  }

  private static byte[] window(
      Tensor input, Tensor output, SlidingWindow window, int channels, Pixel pixel) {
    int height = output.shape().dimension(1);
    int width = output.shape().dimension(2);
    Access access = new Access(input, window);
    byte[] result = new byte[height * width * channels];
    int at = 0;
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        for (int o = 0; o < channels; o++) {
          result[at++] = pixel.compute(y, x, o, access);
        }
      }
    }
    return result;
  }
}
