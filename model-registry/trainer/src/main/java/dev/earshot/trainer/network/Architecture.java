package dev.earshot.trainer.network;

import java.util.List;

/**
 * A small convolutional network over time: blocks of a depthwise convolution along the frames
 * (VALID: it shortens time) and a pointwise convolution with ReLU, until one frame is left; then a
 * fully connected layer and softmax. Each mel bin is a channel of the input, as in MLPerf Tiny's
 * streaming wake-word model.
 *
 * @param blocks in order; their time lengths use up the window's 30 frames exactly
 */
public record Architecture(List<Block> blocks) {
  /** Frames of the input window. */
  public static final int FRAMES = 30;

  /** Mel bins of a frame. */
  public static final int BINS = 40;

  /** Output classes: wake word, silence, unknown, in this order. */
  public static final int CLASSES = 3;

  public Architecture {
    blocks = List.copyOf(blocks);
    int left = FRAMES;
    for (Block block : blocks) {
      left -= block.time() - 1;
    }
    if (left != 1) {
      throw new IllegalArgumentException(
          "network.blocks: their time lengths leave "
              + left
              + " frames of "
              + FRAMES
              + " (expected: 1, so that the sum of (time - 1) is "
              + (FRAMES - 1)
              + ")");
    }
  }

  /**
   * One depthwise and one pointwise convolution.
   *
   * @param time length of the depthwise kernel in frames
   * @param channels outputs of the pointwise convolution
   */
  public record Block(int time, int channels) {}
}
