package dev.earshot.ndp.vector;

import dev.earshot.ndp.graph.SlidingWindow;
import dev.earshot.ndp.plan.Plane;

/**
 * CONV_2D of a dense 3 x 3 window with a stride of 1 by Winograd's minimal filtering F(2 x 2, 3 x
 * 3) (Lavin and Gray, "Fast Algorithms for Convolutional Neural Networks", 2015): four outputs for
 * 16 products instead of 36.
 *
 * <pre>
 * Y = A' [ sum over c of (G g G') * (B' d B) ] A
 * </pre>
 *
 * for 4 x 4 inputs d and weights g of each input channel c. It is exact here: twice G has whole
 * numbers, so that four times {@code G g G'} does; the inputs' transform adds four values at most;
 * the 16 sums over channels are checked to stay exact in floats ({@link Winograd#areExact}); the
 * outputs' transform is made in ints, and what comes out is four times the sum.
 */
final class WinogradStep implements Step {
  private static final int POSITIONS = Winograd.POSITIONS;
  private static final int TALL = ConvolutionStep.TALLEST;

  /** Floats of transformed inputs that are worked on at a time: what a near cache holds. */
  private static final int BLOCK_FLOATS = 16 * 1024;

  private final int inputId;
  private final int outputId;
  private final int[] tileStarts;
  private final int rowStep;
  private final int channels;

  /** Floats of a transformed tile at one position: the channels in whole vectors. */
  private final int stride;

  private final PackedWeights.Panels panels;
  private final PackedWeights[] weights = new PackedWeights[POSITIONS];
  private final RowRequantizer requantizer;
  private final int[] outputStarts;
  private final int block;

  /** Where each transformed tile starts: all of a block at the first position, and so on. */
  private final int[] rows;

  private final Window window;

  WinogradStep(
      int inputId,
      Plane input,
      SlidingWindow taps,
      Winograd.Weights transformed,
      RowRequantizer requantizer,
      int outputId,
      Plane output) {
    this.inputId = inputId;
    this.outputId = outputId;
    this.requantizer = requantizer;
    channels = input.channels();
    stride = Lanes.roundedUp(channels);
    rowStep = input.rowStride();
    int[] starts = Window.starts(taps, input);
    int tileColumns = output.width() / 2;
    tileStarts = new int[output.height() / 2 * tileColumns];
    outputStarts = new int[4 * tileStarts.length];
    for (int tile = 0; tile < tileStarts.length; tile++) {
      int y = 2 * (tile / tileColumns);
      int x = 2 * (tile % tileColumns);
      tileStarts[tile] = starts[y * output.width() + x];
      for (int i = 0; i < 4; i++) {
        outputStarts[4 * tile + i] = output.start(y + i / 2, x + i % 2);
      }
    }
    for (int position = 0; position < POSITIONS; position++) {
      int at = position;
      weights[position] =
          new PackedWeights(channels, output.channels(), (i, o) -> transformed.weight(at, i, o));
    }
    panels = weights[0].panels();
    int tiles = BLOCK_FLOATS / POSITIONS / stride / TALL * TALL; // whole tall tiles
    block = Math.min(tileStarts.length, Math.max(TALL, tiles));
    window = Window.row(channels);
    rows = new int[POSITIONS * block];
    for (int row = 0; row < rows.length; row++) {
      rows[row] = row / block * step(stride) + row % block * stride;
    }
  }

  /** Whether a convolution has the shape for it. */
  static boolean isFor(SlidingWindow window, Plane input, Plane output) {
    return window.isDense(3, 3)
        && input.channels() >= Lanes.COUNT
        && output.channels() >= Lanes.COUNT
        && output.height() % 2 == 0
        && output.width() % 2 == 0
        && output.height() * output.width() / 4 >= TALL;
  }

  /**
   * Floats from one position to the next. Not a power of two: sixteen vectors that far apart would
   * push each other out of the nearest cache.
   */
  private int step(int width) {
    return block * width + Lanes.COUNT;
  }

  @Override
  public void run(VectorWorkspace workspace) {
    float[] input = workspace.plane(inputId);
    float[] output = workspace.plane(outputId);
    for (int next = 0; next < tileStarts.length; next += block) {
      int first = Math.min(next, tileStarts.length - block);
      transformInputs(input, first, workspace.patches);
      for (int panel = 0; panel < panels.count(); panel++) {
        int vectors = panels.vectors(panel);
        for (int position = 0; position < POSITIONS; position++) {
          multiply(workspace.patches, position, panel, workspace.products);
        }
        transformOutputs(workspace.products, vectors * Lanes.COUNT, workspace.sums);
        requantizer.apply(
            workspace.sums,
            4 * block,
            vectors,
            panels.channel(panel),
            output,
            outputStarts,
            4 * first);
      }
    }
  }

  private void transformInputs(float[] input, int first, float[] patches) {
    for (int tile = 0; tile < block; tile++) {
      for (int c = 0; c < channels; c += Lanes.COUNT) {
        Winograd.transformInput(
            input,
            tileStarts[first + tile] + c,
            rowStep,
            channels,
            patches,
            tile * stride + c,
            step(stride));
      }
    }
  }

  /** The sums over channels at one position, for all tiles of a block. */
  private void multiply(float[] patches, int position, int panel, float[] products) {
    float[] packed = weights[position].weights();
    int start = panels.start(panel);
    int first = position * block;
    int width = panels.vectors(panel) * Lanes.COUNT;
    int to = position * step(width);
    int tall = panels.vectors(panel) == 4 ? 4 : TALL;
    for (int next = 0; next < block; next += tall) {
      int tile = Math.min(next, block - tall);
      int row = first + tile;
      int sums = to + tile * width;
      Tiles.sum(
          tall, panels.vectors(panel), patches, rows, row, window, packed, start, products, sums);
    }
  }

  private void transformOutputs(float[] products, int width, float[] sums) {
    for (int tile = 0; tile < block; tile++) {
      for (int o = 0; o < width; o += Lanes.COUNT) {
        Winograd.transformOutput(
            products, tile * width + o, step(width), sums, 4 * tile * width + o, width);
      }
    }
  }

  @Override
  public int sums() {
    return 4 * block * 4 * Lanes.COUNT;
  }

  @Override
  public int patches() {
    return POSITIONS * step(stride);
  }

  @Override
  public int products() {
    return POSITIONS * step(4 * Lanes.COUNT);
  }
}
