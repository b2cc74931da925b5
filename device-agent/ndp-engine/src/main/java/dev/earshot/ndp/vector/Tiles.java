package dev.earshot.ndp.vector;

import jdk.incubator.vector.FloatVector;

/**
 * The inner loops of convolutions: the sums of a tile of P pixels by V vectors of output channels,
 * all held in registers, so that each weight is loaded once for P pixels and each input once for V
 * vectors. 4 x 4 and 8 x 2 keep both multiply-add units of a 512-bit machine busy; a channel count
 * of one vector has to do with 8 x 1.
 *
 * <p>Written out, because a vector in an array is a vector in memory; one method for each tile,
 * because the compiler gives up on larger ones. The arguments are alike:
 *
 * <ul>
 *   <li>{@code input}, {@code starts}, {@code pixel}: where the window of each pixel starts, from
 *       the tile's first pixel on
 *   <li>{@code window}: the runs of input under it
 *   <li>{@code weights}, {@code panel}: [input][V vectors of output channels] from there on
 *   <li>{@code bias}, {@code channel}: where the sums start, from the tile's first channel on
 *   <li>{@code sums}, {@code stride}: a row of sums for each pixel
 * </ul>
 */
final class Tiles {
  private Tiles() {}

  /** Four pixels by four vectors. */
  static void sum4x4(
      float[] input,
      int[] starts,
      int pixel,
      Window window,
      float[] weights,
      int panel,
      float[] bias,
      int channel,
      float[] sums,
      int stride) {
    FloatVector bias0 = FloatVector.fromArray(Lanes.FLOATS, bias, channel);
    FloatVector bias1 = FloatVector.fromArray(Lanes.FLOATS, bias, channel + 1 * Lanes.COUNT);
    FloatVector bias2 = FloatVector.fromArray(Lanes.FLOATS, bias, channel + 2 * Lanes.COUNT);
    FloatVector bias3 = FloatVector.fromArray(Lanes.FLOATS, bias, channel + 3 * Lanes.COUNT);
    FloatVector sum00 = bias0;
    FloatVector sum01 = bias1;
    FloatVector sum02 = bias2;
    FloatVector sum03 = bias3;
    FloatVector sum10 = bias0;
    FloatVector sum11 = bias1;
    FloatVector sum12 = bias2;
    FloatVector sum13 = bias3;
    FloatVector sum20 = bias0;
    FloatVector sum21 = bias1;
    FloatVector sum22 = bias2;
    FloatVector sum23 = bias3;
    FloatVector sum30 = bias0;
    FloatVector sum31 = bias1;
    FloatVector sum32 = bias2;
    FloatVector sum33 = bias3;
    int at = panel;
    for (int run = 0; run < window.runs(); run++) {
      int in0 = starts[pixel] + window.offset(run);
      int in1 = starts[pixel + 1] + window.offset(run);
      int in2 = starts[pixel + 2] + window.offset(run);
      int in3 = starts[pixel + 3] + window.offset(run);
      int length = window.length();
      for (int i = 0; i < length; i++) {
        FloatVector weight0 = FloatVector.fromArray(Lanes.FLOATS, weights, at);
        FloatVector weight1 = FloatVector.fromArray(Lanes.FLOATS, weights, at + 1 * Lanes.COUNT);
        FloatVector weight2 = FloatVector.fromArray(Lanes.FLOATS, weights, at + 2 * Lanes.COUNT);
        FloatVector weight3 = FloatVector.fromArray(Lanes.FLOATS, weights, at + 3 * Lanes.COUNT);
        FloatVector x0 = FloatVector.broadcast(Lanes.FLOATS, input[in0 + i]);
        sum00 = x0.fma(weight0, sum00);
        sum01 = x0.fma(weight1, sum01);
        sum02 = x0.fma(weight2, sum02);
        sum03 = x0.fma(weight3, sum03);
        FloatVector x1 = FloatVector.broadcast(Lanes.FLOATS, input[in1 + i]);
        sum10 = x1.fma(weight0, sum10);
        sum11 = x1.fma(weight1, sum11);
        sum12 = x1.fma(weight2, sum12);
        sum13 = x1.fma(weight3, sum13);
        FloatVector x2 = FloatVector.broadcast(Lanes.FLOATS, input[in2 + i]);
        sum20 = x2.fma(weight0, sum20);
        sum21 = x2.fma(weight1, sum21);
        sum22 = x2.fma(weight2, sum22);
        sum23 = x2.fma(weight3, sum23);
        FloatVector x3 = FloatVector.broadcast(Lanes.FLOATS, input[in3 + i]);
        sum30 = x3.fma(weight0, sum30);
        sum31 = x3.fma(weight1, sum31);
        sum32 = x3.fma(weight2, sum32);
        sum33 = x3.fma(weight3, sum33);
        at += 4 * Lanes.COUNT;
      }
    }
    sum00.intoArray(sums, channel);
    sum01.intoArray(sums, channel + 1 * Lanes.COUNT);
    sum02.intoArray(sums, channel + 2 * Lanes.COUNT);
    sum03.intoArray(sums, channel + 3 * Lanes.COUNT);
    sum10.intoArray(sums, 1 * stride + channel);
    sum11.intoArray(sums, 1 * stride + channel + 1 * Lanes.COUNT);
    sum12.intoArray(sums, 1 * stride + channel + 2 * Lanes.COUNT);
    sum13.intoArray(sums, 1 * stride + channel + 3 * Lanes.COUNT);
    sum20.intoArray(sums, 2 * stride + channel);
    sum21.intoArray(sums, 2 * stride + channel + 1 * Lanes.COUNT);
    sum22.intoArray(sums, 2 * stride + channel + 2 * Lanes.COUNT);
    sum23.intoArray(sums, 2 * stride + channel + 3 * Lanes.COUNT);
    sum30.intoArray(sums, 3 * stride + channel);
    sum31.intoArray(sums, 3 * stride + channel + 1 * Lanes.COUNT);
    sum32.intoArray(sums, 3 * stride + channel + 2 * Lanes.COUNT);
    sum33.intoArray(sums, 3 * stride + channel + 3 * Lanes.COUNT);
  }

  /** Eight pixels by two vectors. */
  static void sum8x2(
      float[] input,
      int[] starts,
      int pixel,
      Window window,
      float[] weights,
      int panel,
      float[] bias,
      int channel,
      float[] sums,
      int stride) {
    FloatVector bias0 = FloatVector.fromArray(Lanes.FLOATS, bias, channel);
    FloatVector bias1 = FloatVector.fromArray(Lanes.FLOATS, bias, channel + 1 * Lanes.COUNT);
    FloatVector sum00 = bias0;
    FloatVector sum01 = bias1;
    FloatVector sum10 = bias0;
    FloatVector sum11 = bias1;
    FloatVector sum20 = bias0;
    FloatVector sum21 = bias1;
    FloatVector sum30 = bias0;
    FloatVector sum31 = bias1;
    FloatVector sum40 = bias0;
    FloatVector sum41 = bias1;
    FloatVector sum50 = bias0;
    FloatVector sum51 = bias1;
    FloatVector sum60 = bias0;
    FloatVector sum61 = bias1;
    FloatVector sum70 = bias0;
    FloatVector sum71 = bias1;
    int at = panel;
    for (int run = 0; run < window.runs(); run++) {
      int in0 = starts[pixel] + window.offset(run);
      int in1 = starts[pixel + 1] + window.offset(run);
      int in2 = starts[pixel + 2] + window.offset(run);
      int in3 = starts[pixel + 3] + window.offset(run);
      int in4 = starts[pixel + 4] + window.offset(run);
      int in5 = starts[pixel + 5] + window.offset(run);
      int in6 = starts[pixel + 6] + window.offset(run);
      int in7 = starts[pixel + 7] + window.offset(run);
      int length = window.length();
      for (int i = 0; i < length; i++) {
        FloatVector weight0 = FloatVector.fromArray(Lanes.FLOATS, weights, at);
        FloatVector weight1 = FloatVector.fromArray(Lanes.FLOATS, weights, at + 1 * Lanes.COUNT);
        FloatVector x0 = FloatVector.broadcast(Lanes.FLOATS, input[in0 + i]);
        sum00 = x0.fma(weight0, sum00);
        sum01 = x0.fma(weight1, sum01);
        FloatVector x1 = FloatVector.broadcast(Lanes.FLOATS, input[in1 + i]);
        sum10 = x1.fma(weight0, sum10);
        sum11 = x1.fma(weight1, sum11);
        FloatVector x2 = FloatVector.broadcast(Lanes.FLOATS, input[in2 + i]);
        sum20 = x2.fma(weight0, sum20);
        sum21 = x2.fma(weight1, sum21);
        FloatVector x3 = FloatVector.broadcast(Lanes.FLOATS, input[in3 + i]);
        sum30 = x3.fma(weight0, sum30);
        sum31 = x3.fma(weight1, sum31);
        FloatVector x4 = FloatVector.broadcast(Lanes.FLOATS, input[in4 + i]);
        sum40 = x4.fma(weight0, sum40);
        sum41 = x4.fma(weight1, sum41);
        FloatVector x5 = FloatVector.broadcast(Lanes.FLOATS, input[in5 + i]);
        sum50 = x5.fma(weight0, sum50);
        sum51 = x5.fma(weight1, sum51);
        FloatVector x6 = FloatVector.broadcast(Lanes.FLOATS, input[in6 + i]);
        sum60 = x6.fma(weight0, sum60);
        sum61 = x6.fma(weight1, sum61);
        FloatVector x7 = FloatVector.broadcast(Lanes.FLOATS, input[in7 + i]);
        sum70 = x7.fma(weight0, sum70);
        sum71 = x7.fma(weight1, sum71);
        at += 2 * Lanes.COUNT;
      }
    }
    sum00.intoArray(sums, channel);
    sum01.intoArray(sums, channel + 1 * Lanes.COUNT);
    sum10.intoArray(sums, 1 * stride + channel);
    sum11.intoArray(sums, 1 * stride + channel + 1 * Lanes.COUNT);
    sum20.intoArray(sums, 2 * stride + channel);
    sum21.intoArray(sums, 2 * stride + channel + 1 * Lanes.COUNT);
    sum30.intoArray(sums, 3 * stride + channel);
    sum31.intoArray(sums, 3 * stride + channel + 1 * Lanes.COUNT);
    sum40.intoArray(sums, 4 * stride + channel);
    sum41.intoArray(sums, 4 * stride + channel + 1 * Lanes.COUNT);
    sum50.intoArray(sums, 5 * stride + channel);
    sum51.intoArray(sums, 5 * stride + channel + 1 * Lanes.COUNT);
    sum60.intoArray(sums, 6 * stride + channel);
    sum61.intoArray(sums, 6 * stride + channel + 1 * Lanes.COUNT);
    sum70.intoArray(sums, 7 * stride + channel);
    sum71.intoArray(sums, 7 * stride + channel + 1 * Lanes.COUNT);
  }

  /** Eight pixels by one vector. */
  static void sum8x1(
      float[] input,
      int[] starts,
      int pixel,
      Window window,
      float[] weights,
      int panel,
      float[] bias,
      int channel,
      float[] sums,
      int stride) {
    FloatVector bias0 = FloatVector.fromArray(Lanes.FLOATS, bias, channel);
    FloatVector sum00 = bias0;
    FloatVector sum10 = bias0;
    FloatVector sum20 = bias0;
    FloatVector sum30 = bias0;
    FloatVector sum40 = bias0;
    FloatVector sum50 = bias0;
    FloatVector sum60 = bias0;
    FloatVector sum70 = bias0;
    int at = panel;
    for (int run = 0; run < window.runs(); run++) {
      int in0 = starts[pixel] + window.offset(run);
      int in1 = starts[pixel + 1] + window.offset(run);
      int in2 = starts[pixel + 2] + window.offset(run);
      int in3 = starts[pixel + 3] + window.offset(run);
      int in4 = starts[pixel + 4] + window.offset(run);
      int in5 = starts[pixel + 5] + window.offset(run);
      int in6 = starts[pixel + 6] + window.offset(run);
      int in7 = starts[pixel + 7] + window.offset(run);
      int length = window.length();
      for (int i = 0; i < length; i++) {
        FloatVector weight0 = FloatVector.fromArray(Lanes.FLOATS, weights, at);
        FloatVector x0 = FloatVector.broadcast(Lanes.FLOATS, input[in0 + i]);
        sum00 = x0.fma(weight0, sum00);
        FloatVector x1 = FloatVector.broadcast(Lanes.FLOATS, input[in1 + i]);
        sum10 = x1.fma(weight0, sum10);
        FloatVector x2 = FloatVector.broadcast(Lanes.FLOATS, input[in2 + i]);
        sum20 = x2.fma(weight0, sum20);
        FloatVector x3 = FloatVector.broadcast(Lanes.FLOATS, input[in3 + i]);
        sum30 = x3.fma(weight0, sum30);
        FloatVector x4 = FloatVector.broadcast(Lanes.FLOATS, input[in4 + i]);
        sum40 = x4.fma(weight0, sum40);
        FloatVector x5 = FloatVector.broadcast(Lanes.FLOATS, input[in5 + i]);
        sum50 = x5.fma(weight0, sum50);
        FloatVector x6 = FloatVector.broadcast(Lanes.FLOATS, input[in6 + i]);
        sum60 = x6.fma(weight0, sum60);
        FloatVector x7 = FloatVector.broadcast(Lanes.FLOATS, input[in7 + i]);
        sum70 = x7.fma(weight0, sum70);
        at += Lanes.COUNT;
      }
    }
    sum00.intoArray(sums, channel);
    sum10.intoArray(sums, 1 * stride + channel);
    sum20.intoArray(sums, 2 * stride + channel);
    sum30.intoArray(sums, 3 * stride + channel);
    sum40.intoArray(sums, 4 * stride + channel);
    sum50.intoArray(sums, 5 * stride + channel);
    sum60.intoArray(sums, 6 * stride + channel);
    sum70.intoArray(sums, 7 * stride + channel);
  }

  /** Four pixels by two vectors. */
  static void sum4x2(
      float[] input,
      int[] starts,
      int pixel,
      Window window,
      float[] weights,
      int panel,
      float[] bias,
      int channel,
      float[] sums,
      int stride) {
    FloatVector bias0 = FloatVector.fromArray(Lanes.FLOATS, bias, channel);
    FloatVector bias1 = FloatVector.fromArray(Lanes.FLOATS, bias, channel + 1 * Lanes.COUNT);
    FloatVector sum00 = bias0;
    FloatVector sum01 = bias1;
    FloatVector sum10 = bias0;
    FloatVector sum11 = bias1;
    FloatVector sum20 = bias0;
    FloatVector sum21 = bias1;
    FloatVector sum30 = bias0;
    FloatVector sum31 = bias1;
    int at = panel;
    for (int run = 0; run < window.runs(); run++) {
      int in0 = starts[pixel] + window.offset(run);
      int in1 = starts[pixel + 1] + window.offset(run);
      int in2 = starts[pixel + 2] + window.offset(run);
      int in3 = starts[pixel + 3] + window.offset(run);
      int length = window.length();
      for (int i = 0; i < length; i++) {
        FloatVector weight0 = FloatVector.fromArray(Lanes.FLOATS, weights, at);
        FloatVector weight1 = FloatVector.fromArray(Lanes.FLOATS, weights, at + 1 * Lanes.COUNT);
        FloatVector x0 = FloatVector.broadcast(Lanes.FLOATS, input[in0 + i]);
        sum00 = x0.fma(weight0, sum00);
        sum01 = x0.fma(weight1, sum01);
        FloatVector x1 = FloatVector.broadcast(Lanes.FLOATS, input[in1 + i]);
        sum10 = x1.fma(weight0, sum10);
        sum11 = x1.fma(weight1, sum11);
        FloatVector x2 = FloatVector.broadcast(Lanes.FLOATS, input[in2 + i]);
        sum20 = x2.fma(weight0, sum20);
        sum21 = x2.fma(weight1, sum21);
        FloatVector x3 = FloatVector.broadcast(Lanes.FLOATS, input[in3 + i]);
        sum30 = x3.fma(weight0, sum30);
        sum31 = x3.fma(weight1, sum31);
        at += 2 * Lanes.COUNT;
      }
    }
    sum00.intoArray(sums, channel);
    sum01.intoArray(sums, channel + 1 * Lanes.COUNT);
    sum10.intoArray(sums, 1 * stride + channel);
    sum11.intoArray(sums, 1 * stride + channel + 1 * Lanes.COUNT);
    sum20.intoArray(sums, 2 * stride + channel);
    sum21.intoArray(sums, 2 * stride + channel + 1 * Lanes.COUNT);
    sum30.intoArray(sums, 3 * stride + channel);
    sum31.intoArray(sums, 3 * stride + channel + 1 * Lanes.COUNT);
  }

  /** Four pixels by one vector. */
  static void sum4x1(
      float[] input,
      int[] starts,
      int pixel,
      Window window,
      float[] weights,
      int panel,
      float[] bias,
      int channel,
      float[] sums,
      int stride) {
    FloatVector bias0 = FloatVector.fromArray(Lanes.FLOATS, bias, channel);
    FloatVector sum00 = bias0;
    FloatVector sum10 = bias0;
    FloatVector sum20 = bias0;
    FloatVector sum30 = bias0;
    int at = panel;
    for (int run = 0; run < window.runs(); run++) {
      int in0 = starts[pixel] + window.offset(run);
      int in1 = starts[pixel + 1] + window.offset(run);
      int in2 = starts[pixel + 2] + window.offset(run);
      int in3 = starts[pixel + 3] + window.offset(run);
      int length = window.length();
      for (int i = 0; i < length; i++) {
        FloatVector weight0 = FloatVector.fromArray(Lanes.FLOATS, weights, at);
        FloatVector x0 = FloatVector.broadcast(Lanes.FLOATS, input[in0 + i]);
        sum00 = x0.fma(weight0, sum00);
        FloatVector x1 = FloatVector.broadcast(Lanes.FLOATS, input[in1 + i]);
        sum10 = x1.fma(weight0, sum10);
        FloatVector x2 = FloatVector.broadcast(Lanes.FLOATS, input[in2 + i]);
        sum20 = x2.fma(weight0, sum20);
        FloatVector x3 = FloatVector.broadcast(Lanes.FLOATS, input[in3 + i]);
        sum30 = x3.fma(weight0, sum30);
        at += Lanes.COUNT;
      }
    }
    sum00.intoArray(sums, channel);
    sum10.intoArray(sums, 1 * stride + channel);
    sum20.intoArray(sums, 2 * stride + channel);
    sum30.intoArray(sums, 3 * stride + channel);
  }
}
