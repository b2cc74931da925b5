package dev.earshot.ndp.kernel;

import java.util.ArrayList;
import java.util.List;

/**
 * The reduction of a convolution, cut into stretches that are contiguous both in the padded input
 * and in the weights, and short enough to be summed exactly in floats ({@link ExactSums}).
 */
final class Stretches {
  private final List<int[]> parts = new ArrayList<>();

  /** Per stretch: input offset from the window's first element. */
  int[] inputOffsets() {
    return column(0);
  }

  /** Per stretch: index of its first row of weights. */
  int[] weightRows() {
    return column(1);
  }

  /** Per stretch: how many inputs. */
  int[] lengths() {
    return column(2);
  }

  /** Per stretch: 1 when the partial sums must move to ints after it. */
  int[] flushes() {
    return column(3);
  }

  /**
   * Cuts a window of {@code rows} rows with {@code runs} contiguous runs each.
   *
   * @param runElements inputs of one run
   * @param rowStep distance between the window's rows in the padded input
   * @param runStep distance between the runs of a row
   * @param weights one row of output channels for each input: [row, run, element][channel]
   */
  static Stretches of(
      int rows, int runs, int runElements, int rowStep, int runStep, float[][] weights) {
    Stretches stretches = new Stretches();
    ExactSums exact = new ExactSums(weights[0].length);
    int weight = 0;
    for (int row = 0; row < rows; row++) {
      for (int run = 0; run < runs; run++) {
        int start = 0;
        for (int i = 0; i < runElements; i++, weight++) {
          if (!exact.add(weights[weight])) {
            stretches.add(row * rowStep + run * runStep, start, i, weight);
            stretches.flushLast();
            start = i;
            exact.restart();
            exact.add(weights[weight]);
          }
        }
        stretches.add(row * rowStep + run * runStep, start, runElements, weight);
      }
    }
    stretches.flushLast();
    return stretches;
  }

  private void add(int base, int start, int end, int weightEnd) {
    if (end > start) {
      parts.add(new int[] {base + start, weightEnd - (end - start), end - start, 0});
    }
  }

  private void flushLast() {
    if (!parts.isEmpty()) {
      parts.getLast()[3] = 1;
    }
  }

  private int[] column(int index) {
    return parts.stream().mapToInt(part -> part[index]).toArray();
  }
}
