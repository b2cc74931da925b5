package dev.earshot.trainer.network;

import java.util.List;

/** The layers of a network from a window of mel features to scores. */
public sealed interface Architecture {
  /** Mel bins of a frame. */
  int BINS = 40;

  /**
   * Output classes: wake word, silence, unknown, in this order. The last is the one for everything
   * that is not meant to be heard, as NDP101 wants it.
   */
  int CLASSES = 3;

  /** Frames of the input window. */
  int frames();

  /**
   * A small convolutional network over time: blocks of a depthwise convolution along the frames
   * (VALID: it shortens time) and a pointwise convolution with ReLU, until one frame is left; then
   * a fully connected layer and softmax. Each mel bin is a channel of the input, as in MLPerf
   * Tiny's streaming wake-word model.
   *
   * @param blocks in order; their time lengths use up the window's 30 frames exactly
   */
  record Convolutional(List<Block> blocks) implements Architecture {
    /** Frames of the input window. */
    public static final int FRAMES = 30;

    public Convolutional {
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

    @Override
    public int frames() {
      return FRAMES;
    }
  }

  /**
   * One depthwise and one pointwise convolution.
   *
   * @param time length of the depthwise kernel in frames
   * @param channels outputs of the pointwise convolution
   */
  record Block(int time, int channels) {}

  /**
   * Fully connected layers with ReLU over the whole window, then one more and softmax: all that
   * NDP101 runs, whose chain is 1600 to 256 to 256 to 256 to the classes.
   *
   * @param hidden outputs of each layer before the last, in order
   */
  record FullyConnected(List<Integer> hidden) implements Architecture {
    /** Frames of the input window: with 40 bins, NDP101's 1600 inputs. */
    public static final int FRAMES = 40;

    /** Layers before the last that a recipe may ask for. */
    public static final int MOST_LAYERS = 8;

    /** Outputs that a layer may have. */
    public static final int MOST_OUTPUTS = 1024;

    public FullyConnected {
      hidden = List.copyOf(hidden);
      if (hidden.isEmpty() || hidden.size() > MOST_LAYERS) {
        throw new IllegalArgumentException(
            "network.hidden: " + hidden.size() + " layers (expected: 1 to " + MOST_LAYERS + ")");
      }
      for (int i = 0; i < hidden.size(); i++) {
        if (hidden.get(i) < 1 || hidden.get(i) > MOST_OUTPUTS) {
          throw new IllegalArgumentException(
              "network.hidden[%d]: %d (expected: a whole number, 1 to %d)"
                  .formatted(i, hidden.get(i), MOST_OUTPUTS));
        }
      }
    }

    @Override
    public int frames() {
      return FRAMES;
    }
  }
}
