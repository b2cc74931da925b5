package dev.earshot.ndp.plan;

import dev.earshot.ndp.graph.Graph;
import dev.earshot.ndp.graph.Operator;
import dev.earshot.ndp.graph.SlidingWindow;
import dev.earshot.ndp.graph.Tensor;
import java.util.HashMap;
import java.util.Map;

/**
 * The border of every image of a graph: what the windows of all its readers reach over its edges.
 */
public final class Borders {
  private final Map<Integer, Plane.Border> borders = new HashMap<>();

  public Borders(Graph graph) {
    for (Operator operator : graph.operators()) {
      switch (operator) {
        case Operator.Conv2d conv -> reach(conv.input(), conv.window());
        case Operator.DepthwiseConv2d conv -> reach(conv.input(), conv.window());
        default -> {
          // reads no border
        }
      }
    }
  }

  private void reach(Tensor image, SlidingWindow window) {
    Plane.Border border =
        Plane.Border.of(window, image.shape().dimension(1), image.shape().dimension(2));
    borders.merge(image.index(), border, Plane.Border::and);
  }

  /** The plane that an activation needs. */
  public Plane plane(Tensor activation) {
    return Plane.of(
        activation.shape(), borders.getOrDefault(activation.index(), Plane.Border.NONE));
  }
}
