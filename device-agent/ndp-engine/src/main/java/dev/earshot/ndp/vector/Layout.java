package dev.earshot.ndp.vector;

import dev.earshot.ndp.graph.Graph;
import dev.earshot.ndp.graph.Operator;
import dev.earshot.ndp.graph.Tensor;
import dev.earshot.ndp.kernel.Slots;
import dev.earshot.ndp.kernel.Workspace;
import dev.earshot.ndp.plan.Borders;
import dev.earshot.ndp.plan.Plane;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Where activations live while a program runs: as bytes in a slot, as floats in a plane, or both. A
 * plane's border is what the windows of all its readers reach over the image's edges. Planes whose
 * lives do not overlap share an array, so that what is read next was written a short time ago and
 * is still in a near cache.
 */
final class Layout {
  private final Slots slots;
  private final Borders borders;
  private final int[] lastReader;
  private final int[] idOfTensor;
  private final List<Plane> planes = new ArrayList<>();
  private final List<Storage> storageOfPlane = new ArrayList<>();
  private final List<Storage> storages = new ArrayList<>();

  /** An array and who uses it. */
  private static final class Storage {
    private final Plane shape;
    private int floats;
    private int busyUntil;
    private boolean mixed;

    Storage(Plane plane) {
      shape = plane;
      floats = plane.elements();
    }
  }

  Layout(Graph graph) {
    slots = new Slots(graph.tensorCount());
    borders = new Borders(graph);
    idOfTensor = new int[graph.tensorCount()];
    Arrays.fill(idOfTensor, -1);
    lastReader = new int[graph.tensorCount()];
    lastReader[graph.output().index()] = graph.operators().size();
    for (int i = graph.operators().size() - 1; i >= 0; i--) {
      Operator operator = graph.operators().get(i);
      for (Tensor activation : operator.activations()) {
        int reader =
            operator instanceof Operator.Reshape ? lastReader[operator.output().index()] : i;
        lastReader[activation.index()] =
            Math.max(lastReader[activation.index()], Math.max(reader, i));
      }
    }
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

  /** The plane that an activation has or would get. */
  Plane future(Tensor activation) {
    return borders.plane(activation);
  }

  /** Gives an activation a plane, which the operator with that index writes. */
  void place(Tensor activation, int writer) {
    Plane plane = future(activation);
    Storage storage = storage(plane, writer);
    storage.busyUntil = lastReader[activation.index()];
    idOfTensor[activation.index()] = planes.size();
    planes.add(plane);
    storageOfPlane.add(storage);
  }

  /**
   * A free array of planes of the same shape if there is one, else any free one, else a new one.
   */
  private Storage storage(Plane plane, int writer) {
    Storage found = null;
    for (Storage storage : storages) {
      if (storage.busyUntil < writer) {
        if (storage.shape.equals(plane) && !storage.mixed) {
          return storage;
        }
        found = storage;
      }
    }
    if (found == null) {
      found = new Storage(plane);
      storages.add(found);
    } else {
      found.mixed = true;
      found.floats = Math.max(found.floats, plane.elements());
    }
    return found;
  }

  /** Lets {@code alias} live on the plane of {@code original}: a reshape moves nothing. */
  void alias(Tensor original, Tensor alias) {
    storageOfPlane.add(storageOfPlane.get(id(original)));
    idOfTensor[alias.index()] = planes.size();
    planes.add(future(alias));
  }

  /** Whether planes of other shapes write where this one's border is. */
  boolean mustClearBorder(int id) {
    return storageOfPlane.get(id).mixed && !planes.get(id).isContiguous();
  }

  VectorWorkspace newWorkspace(int accumulators, VectorWorkspace.Sums sums) {
    Map<Storage, float[]> arrays = new HashMap<>();
    float[][] floats = new float[planes.size()][];
    for (int id = 0; id < floats.length; id++) {
      Storage storage = storageOfPlane.get(id);
      floats[id] = arrays.computeIfAbsent(storage, s -> new float[s.floats + Lanes.COUNT]);
    }
    long size = 4L * arrays.values().stream().mapToLong(array -> array.length).sum();
    return new VectorWorkspace(new Workspace(slots, accumulators), floats, size, sums);
  }
}
