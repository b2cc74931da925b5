package dev.earshot.ndp.vector;

import dev.earshot.ndp.graph.Graph;
import dev.earshot.ndp.graph.Operator;
import dev.earshot.ndp.graph.SlidingWindow;
import dev.earshot.ndp.graph.Tensor;
import dev.earshot.ndp.kernel.Slots;
import dev.earshot.ndp.kernel.Workspace;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Where activations live while a program runs: as bytes in a slot, as floats in a plane, or both. A
 * plane's border is what the windows of all its readers reach over the image's edges.
 */
final class Layout {
  private final Slots slots;
  private final Map<Integer, Plane.Border> borders = new HashMap<>();
  private final int[] idOfTensor;
  private final List<Plane> planes = new ArrayList<>();

  Layout(Graph graph) {
    slots = new Slots(graph.tensorCount());
    idOfTensor = new int[graph.tensorCount()];
    Arrays.fill(idOfTensor, -1);
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

  Slots slots() {
    return slots;
  }

  boolean isOnPlane(Tensor activation) {
    return idOfTensor[activation.index()] >= 0;
  }

  /** The plane that an activation has. */
  int id(Tensor activation) {
    int id = idOfTensor[activation.index()];
    if (id < 0) {
      throw new IllegalStateException(activation.label() + " has no plane");
    }
    return id;
  }

  Plane plane(int id) {
    return planes.get(id);
  }

  Plane plane(Tensor activation) {
    return plane(id(activation));
  }

  /** Gives an activation a plane. */
  void place(Tensor activation) {
    idOfTensor[activation.index()] = planes.size();
    planes.add(future(activation));
  }

  /** The plane that an activation has or would get. */
  Plane future(Tensor activation) {
    return Plane.of(
        activation.shape(), borders.getOrDefault(activation.index(), Plane.Border.NONE));
  }

  /** Lets {@code alias} live on the plane of {@code original}: a reshape moves nothing. */
  void alias(Tensor original, Tensor alias) {
    Plane shared = future(alias);
    idOfTensor[alias.index()] = planes.size();
    planes.add(shared);
    sharedWith.put(planes.size() - 1, id(original));
  }

  private final Map<Integer, Integer> sharedWith = new HashMap<>();

  VectorWorkspace newWorkspace(int accumulators, int sums) {
    float[][] floats = new float[planes.size()][];
    for (int id = 0; id < floats.length; id++) {
      Integer original = sharedWith.get(id);
      floats[id] = original == null ? new float[planes.get(id).floats()] : floats[original];
    }
    return new VectorWorkspace(new Workspace(slots, accumulators), floats, sums);
  }
}
