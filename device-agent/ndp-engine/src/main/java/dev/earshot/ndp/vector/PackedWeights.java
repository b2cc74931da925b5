package dev.earshot.ndp.vector;

/**
 * Weights in the order in which tiles read them: panels of some vectors of output channels, each
 * [input][channel of the panel], the channels filled up to whole vectors with zeros.
 */
final class PackedWeights {
  private final Panels panels;
  private final float[] weights;

  /** Where a weight is. */
  @FunctionalInterface
  interface Source {
    int weight(int input, int output);
  }

  /**
   * How outputs are cut into panels: as few as possible, of four, two or one vectors, widest first.
   *
   * @param inputs of each output
   * @param outputs vectors of them
   */
  record Panels(int inputs, int outputs) {
    int count() {
      return outputs / 4 + outputs % 4 / 2 + outputs % 2;
    }

    /** Vectors of output channels in a panel: 4, 2 or 1. */
    int vectors(int panel) {
      int left = outputs - 4 * panel;
      return left >= 4 ? 4 : panel == outputs / 4 && left >= 2 ? 2 : 1;
    }

    /** A panel's first output channel. */
    int channel(int panel) {
      int wide = Math.min(panel, outputs / 4);
      return (4 * wide + 2 * (panel - wide)) * Lanes.COUNT;
    }

    /** Where a panel's weights start. */
    int start(int panel) {
      return channel(panel) * inputs;
    }

    /** Weights of a panel. */
    int length(int panel) {
      return vectors(panel) * Lanes.COUNT * inputs;
    }

    /** Weights of the longest panel, which is the first. */
    int longest() {
      return length(0);
    }
  }

  PackedWeights(int inputs, int outputs, Source source) {
    panels = new Panels(inputs, Lanes.vectors(outputs));
    weights = new float[inputs * panels.outputs() * Lanes.COUNT];
    int at = 0;
    for (int panel = 0; panel < panels.count(); panel++) {
      int channel = panels.channel(panel);
      int wide = panels.vectors(panel) * Lanes.COUNT;
      for (int input = 0; input < inputs; input++) {
        for (int lane = 0; lane < wide; lane++, at++) {
          if (channel + lane < outputs) {
            weights[at] = source.weight(input, channel + lane);
          }
        }
      }
    }
  }

  Panels panels() {
    return panels;
  }

  float[] weights() {
    return weights;
  }

  /** The same as bytes, for weights that are int8; a vector may be read from the last on. */
  byte[] bytes() {
    byte[] bytes = new byte[weights.length + Lanes.BYTES.length()];
    for (int i = 0; i < weights.length; i++) {
      bytes[i] = (byte) weights[i];
    }
    return bytes;
  }
}
