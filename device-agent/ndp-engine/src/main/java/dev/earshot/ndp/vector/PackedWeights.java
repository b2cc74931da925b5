package dev.earshot.ndp.vector;

/**
 * Weights in the order in which tiles read them: panels of some vectors of output channels, each
 * [input][channel of the panel], the channels filled up to whole vectors with zeros.
 */
final class PackedWeights {
  private final float[] weights;
  private final int[] panelVectors;
  private final int[] panelStarts;
  private final int[] panelChannels;

  /** Where a weight is. */
  @FunctionalInterface
  interface Source {
    int weight(int input, int output);
  }

  PackedWeights(int inputs, int outputs, Source source) {
    int vectors = Lanes.vectors(outputs);
    panelVectors = panels(vectors);
    panelStarts = new int[panelVectors.length];
    panelChannels = new int[panelVectors.length];
    weights = new float[inputs * vectors * Lanes.COUNT];
    int channel = 0;
    int at = 0;
    for (int panel = 0; panel < panelVectors.length; panel++) {
      panelStarts[panel] = at;
      panelChannels[panel] = channel;
      int wide = panelVectors[panel] * Lanes.COUNT;
      for (int input = 0; input < inputs; input++) {
        for (int lane = 0; lane < wide; lane++, at++) {
          if (channel + lane < outputs) {
            weights[at] = source.weight(input, channel + lane);
          }
        }
      }
      channel += wide;
    }
  }

  /** As few panels as possible, of four, two or one vectors. */
  private static int[] panels(int vectors) {
    int[] panels = new int[vectors / 4 + vectors % 4 / 2 + vectors % 2];
    int left = vectors;
    for (int panel = 0; panel < panels.length; panel++) {
      panels[panel] = left >= 4 ? 4 : left >= 2 ? 2 : 1;
      left -= panels[panel];
    }
    return panels;
  }

  int panels() {
    return panelVectors.length;
  }

  /** Vectors of output channels in a panel: 4, 2 or 1. */
  int vectors(int panel) {
    return panelVectors[panel];
  }

  /** Where a panel's weights start. */
  int start(int panel) {
    return panelStarts[panel];
  }

  /** A panel's first output channel. */
  int channel(int panel) {
    return panelChannels[panel];
  }

  float[] weights() {
    return weights;
  }
}
