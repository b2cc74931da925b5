package dev.earshot.ndp.vector;

import org.jspecify.annotations.Nullable;

/**
 * CONV_2D, and FULLY_CONNECTED over many rows, on planes: the plain kernel's formula with the sums
 * in floats, tile by tile. The last tile may begin before the one before it ends: what is computed
 * twice is the same.
 */
final class ConvolutionStep implements Step {
  /** Pixels of the tallest tile. */
  static final int TALLEST = 8;

  /** Pixels that are summed before they are requantized; a multiple of every tile. */
  static final int BLOCK = 32;

  private final int inputId;
  private final int outputId;
  private final int[] starts;
  private final int[] outputStarts;
  private final Window window;
  private final PackedWeights.Panels panels;

  /** The packed weights: as floats, or as bytes that are widened panel by panel. */
  private final float @Nullable [] wide;

  private final byte @Nullable [] narrow;
  private final RowRequantizer requantizer;
  private final int tile;

  /**
   * @param starts where each output pixel's window starts in the input plane
   * @param near whether the model's weights as floats stay in a near cache from one inference to
   *     the next; else they are fetched as bytes
   * @param outputStarts where each output pixel starts in the output plane
   */
  ConvolutionStep(
      int inputId,
      int[] starts,
      Window window,
      PackedWeights weights,
      boolean near,
      RowRequantizer requantizer,
      int outputId,
      int[] outputStarts) {
    this.inputId = inputId;
    this.outputId = outputId;
    this.starts = starts;
    this.outputStarts = outputStarts;
    this.window = window;
    this.panels = weights.panels();
    this.wide = near ? weights.weights() : null;
    this.narrow = near ? null : weights.bytes();
    this.requantizer = requantizer;
    this.tile = tile(panels, starts.length);
  }

  /** Four pixels where that is the tile of the widest panels, or where there are no eight. */
  private static int tile(PackedWeights.Panels panels, int pixels) {
    return panels.vectors(0) == 4 || pixels < TALLEST ? 4 : TALLEST;
  }

  /** Whether there are pixels enough for the smallest tile. */
  static boolean isFor(int pixels) {
    return pixels >= 4;
  }

  @Override
  public void run(VectorWorkspace workspace) {
    float[] input = workspace.plane(inputId);
    float[] output = workspace.plane(outputId);
    // Panel by panel: its weights stay in the nearest cache for all pixels.
    for (int panel = 0; panel < panels.count(); panel++) {
      int vectors = panels.vectors(panel);
      float[] weights = workspace.weights;
      int at = 0;
      if (narrow != null) {
        Widening.copy(narrow, panels.start(panel), weights, 0, panels.length(panel), 0);
      } else if (wide != null) {
        weights = wide;
        at = panels.start(panel);
      }
      for (int next = 0; next < starts.length; next += BLOCK) {
        int first = Math.min(next, starts.length - tile);
        int end = Math.min(next + BLOCK, starts.length);
        for (int pixel = first; pixel < end; pixel += tile) {
          int from = Math.min(pixel, end - tile);
          int row = (from - first) * vectors * Lanes.COUNT;
          Tiles.sum(tile, vectors, input, starts, from, window, weights, at, workspace.sums, row);
        }
        requantizer.apply(
            workspace.sums,
            end - first,
            vectors,
            panels.channel(panel),
            output,
            outputStarts,
            first);
      }
    }
  }

  @Override
  public int sums() {
    return BLOCK * 4 * Lanes.COUNT;
  }

  @Override
  public int weights() {
    return narrow == null ? 0 : panels.longest();
  }
}
