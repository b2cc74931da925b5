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
 *   <li>{@code sums}, {@code row}: receives P rows of V vectors, one after the other, from there on
 * </ul>
 */
final class Tiles {
  private Tiles() {}

  /**
   * The sums of a tile.
   *
   * @param pixels 4 or 8
   * @param vectors 4 (of four pixels), 2 or 1
   */
  static void sum(
      int pixels,
      int vectors,
      float[] input,
      int[] starts,
      int pixel,
      Window window,
      float[] weights,
      int panel,
      float[] sums,
      int row) {
    boolean tall = pixels == 8;
    switch (vectors) {
      case 4 -> sum4x4(input, starts, pixel, window, weights, panel, sums, row);
      case 2 -> {
        if (tall) {
          sum8x2(input, starts, pixel, window, weights, panel, sums, row);
        } else {
          sum4x2(input, starts, pixel, window, weights, panel, sums, row);
        }
      }
      case 1 -> {
        if (tall) {
          sum8x1(input, starts, pixel, window, weights, panel, sums, row);
        } else {
          sum4x1(input, starts, pixel, window, weights, panel, sums, row);
        }
      }
      default -> throw new AssertionError(vectors);
    }
  }

  /** Four pixels by four vectors. */
  private static void sum4x4(
      float[] input,
      int[] starts,
      int pixel,
      Window window,
      float[] weights,
      int panel,
      float[] sums,
      int row) {
    FloatVector sum00 = FloatVector.zero(Lanes.FLOATS);
    FloatVector sum01 = FloatVector.zero(Lanes.FLOATS);
    FloatVector sum02 = FloatVector.zero(Lanes.FLOATS);
    FloatVector sum03 = FloatVector.zero(Lanes.FLOATS);
    FloatVector sum10 = FloatVector.zero(Lanes.FLOATS);
    FloatVector sum11 = FloatVector.zero(Lanes.FLOATS);
    FloatVector sum12 = FloatVector.zero(Lanes.FLOATS);
    FloatVector sum13 = FloatVector.zero(Lanes.FLOATS);
    FloatVector sum20 = FloatVector.zero(Lanes.FLOATS);
    FloatVector sum21 = FloatVector.zero(Lanes.FLOATS);
    FloatVector sum22 = FloatVector.zero(Lanes.FLOATS);
    FloatVector sum23 = FloatVector.zero(Lanes.FLOATS);
    FloatVector sum30 = FloatVector.zero(Lanes.FLOATS);
    FloatVector sum31 = FloatVector.zero(Lanes.FLOATS);
    FloatVector sum32 = FloatVector.zero(Lanes.FLOATS);
    FloatVector sum33 = FloatVector.zero(Lanes.FLOATS);
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
    sum00.intoArray(sums, row);
    sum01.intoArray(sums, row + Lanes.COUNT);
    sum02.intoArray(sums, row + 2 * Lanes.COUNT);
    sum03.intoArray(sums, row + 3 * Lanes.COUNT);
    sum10.intoArray(sums, row + 4 * Lanes.COUNT);
    sum11.intoArray(sums, row + 5 * Lanes.COUNT);
    sum12.intoArray(sums, row + 6 * Lanes.COUNT);
    sum13.intoArray(sums, row + 7 * Lanes.COUNT);
    sum20.intoArray(sums, row + 8 * Lanes.COUNT);
    sum21.intoArray(sums, row + 9 * Lanes.COUNT);
    sum22.intoArray(sums, row + 10 * Lanes.COUNT);
    sum23.intoArray(sums, row + 11 * Lanes.COUNT);
    sum30.intoArray(sums, row + 12 * Lanes.COUNT);
    sum31.intoArray(sums, row + 13 * Lanes.COUNT);
    sum32.intoArray(sums, row + 14 * Lanes.COUNT);
    sum33.intoArray(sums, row + 15 * Lanes.COUNT);
  }

  /** Eight pixels by two vectors. */
  private static void sum8x2(
      float[] input,
      int[] starts,
      int pixel,
      Window window,
      float[] weights,
      int panel,
      float[] sums,
      int row) {
    FloatVector sum00 = FloatVector.zero(Lanes.FLOATS);
    FloatVector sum01 = FloatVector.zero(Lanes.FLOATS);
    FloatVector sum10 = FloatVector.zero(Lanes.FLOATS);
    FloatVector sum11 = FloatVector.zero(Lanes.FLOATS);
    FloatVector sum20 = FloatVector.zero(Lanes.FLOATS);
    FloatVector sum21 = FloatVector.zero(Lanes.FLOATS);
    FloatVector sum30 = FloatVector.zero(Lanes.FLOATS);
    FloatVector sum31 = FloatVector.zero(Lanes.FLOATS);
    FloatVector sum40 = FloatVector.zero(Lanes.FLOATS);
    FloatVector sum41 = FloatVector.zero(Lanes.FLOATS);
    FloatVector sum50 = FloatVector.zero(Lanes.FLOATS);
    FloatVector sum51 = FloatVector.zero(Lanes.FLOATS);
    FloatVector sum60 = FloatVector.zero(Lanes.FLOATS);
    FloatVector sum61 = FloatVector.zero(Lanes.FLOATS);
    FloatVector sum70 = FloatVector.zero(Lanes.FLOATS);
    FloatVector sum71 = FloatVector.zero(Lanes.FLOATS);
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
    sum00.intoArray(sums, row);
    sum01.intoArray(sums, row + Lanes.COUNT);
    sum10.intoArray(sums, row + 2 * Lanes.COUNT);
    sum11.intoArray(sums, row + 3 * Lanes.COUNT);
    sum20.intoArray(sums, row + 4 * Lanes.COUNT);
    sum21.intoArray(sums, row + 5 * Lanes.COUNT);
    sum30.intoArray(sums, row + 6 * Lanes.COUNT);
    sum31.intoArray(sums, row + 7 * Lanes.COUNT);
    sum40.intoArray(sums, row + 8 * Lanes.COUNT);
    sum41.intoArray(sums, row + 9 * Lanes.COUNT);
    sum50.intoArray(sums, row + 10 * Lanes.COUNT);
    sum51.intoArray(sums, row + 11 * Lanes.COUNT);
    sum60.intoArray(sums, row + 12 * Lanes.COUNT);
    sum61.intoArray(sums, row + 13 * Lanes.COUNT);
    sum70.intoArray(sums, row + 14 * Lanes.COUNT);
    sum71.intoArray(sums, row + 15 * Lanes.COUNT);
  }

  /** Eight pixels by one vector. */
  private static void sum8x1(
      float[] input,
      int[] starts,
      int pixel,
      Window window,
      float[] weights,
      int panel,
      float[] sums,
      int row) {
    FloatVector sum00 = FloatVector.zero(Lanes.FLOATS);
    FloatVector sum10 = FloatVector.zero(Lanes.FLOATS);
    FloatVector sum20 = FloatVector.zero(Lanes.FLOATS);
    FloatVector sum30 = FloatVector.zero(Lanes.FLOATS);
    FloatVector sum40 = FloatVector.zero(Lanes.FLOATS);
    FloatVector sum50 = FloatVector.zero(Lanes.FLOATS);
    FloatVector sum60 = FloatVector.zero(Lanes.FLOATS);
    FloatVector sum70 = FloatVector.zero(Lanes.FLOATS);
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
    sum00.intoArray(sums, row);
    sum10.intoArray(sums, row + Lanes.COUNT);
    sum20.intoArray(sums, row + 2 * Lanes.COUNT);
    sum30.intoArray(sums, row + 3 * Lanes.COUNT);
    sum40.intoArray(sums, row + 4 * Lanes.COUNT);
    sum50.intoArray(sums, row + 5 * Lanes.COUNT);
    sum60.intoArray(sums, row + 6 * Lanes.COUNT);
    sum70.intoArray(sums, row + 7 * Lanes.COUNT);
  }

  /** Four pixels by two vectors. */
  private static void sum4x2(
      float[] input,
      int[] starts,
      int pixel,
      Window window,
      float[] weights,
      int panel,
      float[] sums,
      int row) {
    FloatVector sum00 = FloatVector.zero(Lanes.FLOATS);
    FloatVector sum01 = FloatVector.zero(Lanes.FLOATS);
    FloatVector sum10 = FloatVector.zero(Lanes.FLOATS);
    FloatVector sum11 = FloatVector.zero(Lanes.FLOATS);
    FloatVector sum20 = FloatVector.zero(Lanes.FLOATS);
    FloatVector sum21 = FloatVector.zero(Lanes.FLOATS);
    FloatVector sum30 = FloatVector.zero(Lanes.FLOATS);
    FloatVector sum31 = FloatVector.zero(Lanes.FLOATS);
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
    sum00.intoArray(sums, row);
    sum01.intoArray(sums, row + Lanes.COUNT);
    sum10.intoArray(sums, row + 2 * Lanes.COUNT);
    sum11.intoArray(sums, row + 3 * Lanes.COUNT);
    sum20.intoArray(sums, row + 4 * Lanes.COUNT);
    sum21.intoArray(sums, row + 5 * Lanes.COUNT);
    sum30.intoArray(sums, row + 6 * Lanes.COUNT);
    sum31.intoArray(sums, row + 7 * Lanes.COUNT);
  }

  /** Four pixels by one vector. */
  private static void sum4x1(
      float[] input,
      int[] starts,
      int pixel,
      Window window,
      float[] weights,
      int panel,
      float[] sums,
      int row) {
    FloatVector sum00 = FloatVector.zero(Lanes.FLOATS);
    FloatVector sum10 = FloatVector.zero(Lanes.FLOATS);
    FloatVector sum20 = FloatVector.zero(Lanes.FLOATS);
    FloatVector sum30 = FloatVector.zero(Lanes.FLOATS);
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
    sum00.intoArray(sums, row);
    sum10.intoArray(sums, row + Lanes.COUNT);
    sum20.intoArray(sums, row + 2 * Lanes.COUNT);
    sum30.intoArray(sums, row + 3 * Lanes.COUNT);
  }
}
