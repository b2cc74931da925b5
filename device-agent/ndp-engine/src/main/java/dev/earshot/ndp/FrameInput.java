package dev.earshot.ndp;

import dev.earshot.ndp.graph.Shape;

/** Whether a model's input is a window of a front end's frames. */
final class FrameInput {
  private FrameInput() {}

  /**
   * Frames lie one after the other: as rows (such as 1x30x1x40, or 1x49x10x1 for frames of 10), or
   * in a flat input (such as 1x1600), which has no structure that could contradict.
   *
   * @throws IllegalArgumentException when the input can't hold frames of so many features
   */
  static void require(NdpModel model, int features) {
    Shape input = model.input().shape();
    int last = input.rank() - 1;
    while (last > 0 && input.dimension(last) == 1) {
      last--;
    }
    int row = last < 0 ? 1 : input.dimension(last);
    boolean flat = row == input.elements();
    if (input.elements() % features != 0 || !(flat || row == features)) {
      throw new IllegalArgumentException(
          "model input "
              + input
              + ": not frames of "
              + features
              + " features, as the front end gives");
    }
  }
}
