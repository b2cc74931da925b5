package dev.earshot.ndp.vector;

import jdk.incubator.vector.FloatVector;

/**
 * CONV_2D and FULLY_CONNECTED for a few pixels or one. Each weight is used once, so that fetching
 * the weights is the work: they stay bytes and are widened on the way.
 */
final class DenseStep implements Step {
  private static final int WIDE = 4 * Lanes.COUNT;

  private final int inputId;
  private final int outputId;
  private final int[] starts;
  private final int[] outputStarts;
  private final Window window;
  private final byte[] weights;
  private final RowRequantizer requantizer;
  private final int panels;

  DenseStep(
      int inputId,
      int[] starts,
      Window window,
      PackedWeights.Source source,
      int outputs,
      RowRequantizer requantizer,
      int outputId,
      int[] outputStarts) {
    this.inputId = inputId;
    this.outputId = outputId;
    this.starts = starts;
    this.outputStarts = outputStarts;
    this.window = window;
    this.requantizer = requantizer;
    panels = (outputs + WIDE - 1) / WIDE;
    // Outputs that are not there fill the last panel, so that all are of four vectors.
    weights =
        new PackedWeights(
                window.runs() * window.length(),
                panels * WIDE,
                (i, o) -> o < outputs ? source.weight(i, o) : 0)
            .bytes();
  }

  @Override
  public void run(VectorWorkspace workspace) {
    float[] input = workspace.plane(inputId);
    float[] output = workspace.plane(outputId);
    int inputs = window.runs() * window.length();
    for (int pixel = 0; pixel < starts.length; pixel++) {
      for (int panel = 0; panel < panels; panel++) {
        sum(
            input,
            starts[pixel],
            window,
            weights,
            panel * inputs * WIDE,
            workspace.sums,
            panel * WIDE);
      }
      requantizer.apply(workspace.sums, 1, 4 * panels, 0, output, outputStarts, pixel);
    }
  }

  private static void sum(
      float[] input, int start, Window window, byte[] weights, int panel, float[] sums, int to) {
    FloatVector sum0 = FloatVector.zero(Lanes.FLOATS);
    FloatVector sum1 = FloatVector.zero(Lanes.FLOATS);
    FloatVector sum2 = FloatVector.zero(Lanes.FLOATS);
    FloatVector sum3 = FloatVector.zero(Lanes.FLOATS);
    int at = panel;
    for (int run = 0; run < window.runs(); run++) {
      int in = start + window.offset(run);
      int length = window.length();
      for (int i = 0; i < length; i++) {
        FloatVector x = FloatVector.broadcast(Lanes.FLOATS, input[in + i]);
        sum0 = x.fma(Widening.vector(weights, at), sum0);
        sum1 = x.fma(Widening.vector(weights, at + Lanes.COUNT), sum1);
        sum2 = x.fma(Widening.vector(weights, at + 2 * Lanes.COUNT), sum2);
        sum3 = x.fma(Widening.vector(weights, at + 3 * Lanes.COUNT), sum3);
        at += WIDE;
      }
    }
    sum0.intoArray(sums, to);
    sum1.intoArray(sums, to + Lanes.COUNT);
    sum2.intoArray(sums, to + 2 * Lanes.COUNT);
    sum3.intoArray(sums, to + 3 * Lanes.COUNT);
  }

  @Override
  public int sums() {
    return panels * WIDE;
  }
}
