package dev.earshot.ndp.machine;

import dev.earshot.ndp.graph.Graph;
import dev.earshot.ndp.graph.Tensor;
import dev.earshot.ndp.plan.Borders;
import dev.earshot.ndp.plan.Plane;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/**
 * Where activations lie in the workspace of machine code. A plane's border is what the windows of
 * all its readers reach over the image's edges; it holds the zero point from the beginning, and
 * nobody ever writes there.
 */
final class Layout {
  /** Behind each plane: what a vector may be read from its last byte on. */
  private static final int SLACK = 64;

  private final Borders borders;
  private final Map<Integer, Place> places = new HashMap<>();
  private long size = SLACK;

  Layout(Graph graph) {
    borders = new Borders(graph);
  }

  boolean has(Tensor activation) {
    return places.containsKey(activation.index());
  }

  /** Where an activation lies; it gets a place when it has none. */
  Place of(Tensor activation) {
    return places.computeIfAbsent(activation.index(), index -> place(activation));
  }

  private Place place(Tensor activation) {
    Place place =
        new Place(
            Math.toIntExact(size),
            future(activation),
            activation.requireQuantization().zeroPoint());
    size += (place.plane().elements() + 2L * SLACK - 1) / SLACK * SLACK;
    return place;
  }

  /** The plane that an activation has or would get. */
  Plane future(Tensor activation) {
    return borders.plane(activation);
  }

  /** Lets {@code alias} lie where {@code original} lies: a reshape moves nothing. */
  void alias(Tensor original, Tensor alias) {
    Place place = of(original);
    places.put(alias.index(), new Place(place.start(), future(alias), place.zeroPoint()));
  }

  /** Where all activations lie. */
  Collection<Place> places() {
    return places.values();
  }

  /** A new workspace, given back when nothing refers to it. */
  MemorySegment newWorkspace() {
    MemorySegment workspace = Arena.ofAuto().allocate(size, SLACK);
    for (Place place : places.values()) {
      if (!place.plane().isContiguous()) {
        workspace
            .asSlice(place.start(), place.plane().elements())
            .fill((byte) Rescaling.biased(place.zeroPoint()));
      }
    }
    return workspace;
  }
}
