package dev.earshot.ndp.streaming;

import dev.earshot.ndp.graph.Graph;
import dev.earshot.ndp.graph.Operator;
import dev.earshot.ndp.graph.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a model into stages along time. It may be cut wherever a single tensor carries everything
 * that later operators read; what lies between two such places is a {@link Section}. The longest
 * run of sections that commute with a shift in time becomes stages, a new one wherever more than
 * the newest row is read. All that follows is the last stage, which sees the whole window of the
 * tensor before it.
 */
final class Slicer {
  private final Graph graph;
  private final List<Operator> operators;

  /** Position of the last operator that reads a tensor, by its index; 0 where nobody does. */
  private final int[] lastReader;

  private final List<Slice> slices = new ArrayList<>();
  private final List<Operator> gathered = new ArrayList<>();
  private @Nullable Tensor input;
  private int rows;

  /**
   * One stage.
   *
   * @param graph computes its output from its window
   * @param rows rows in time of its window
   */
  record Slice(Graph graph, int rows) {
    int rowElements() {
      return graph.input().shape().elements() / rows;
    }
  }

  private Slicer(Graph graph) {
    this.graph = graph;
    this.operators = needed(graph);
    this.lastReader = new int[graph.tensorCount()];
    for (int i = 0; i < operators.size(); i++) {
      for (Tensor activation : operators.get(i).activations()) {
        lastReader[activation.index()] = i;
      }
    }
  }

  /** Without the operators that do not contribute to the output. */
  private static List<Operator> needed(Graph graph) {
    boolean[] read = new boolean[graph.tensorCount()];
    read[graph.output().index()] = true;
    List<Operator> needed = new ArrayList<>();
    for (Operator operator : graph.operators().reversed()) {
      if (read[operator.output().index()]) {
        operator.activations().forEach(activation -> read[activation.index()] = true);
        needed.addFirst(operator);
      }
    }
    return needed;
  }

  /** The stages of a model whose input is so many frames, oldest first; at least one. */
  static List<Slice> slices(Graph graph, int frames) {
    return new Slicer(graph).slice(frames);
  }

  private List<Slice> slice(int frames) {
    Tensor boundary = graph.input();
    int boundaryRows = frames;
    int at = 0;
    if (TimeShift.isRows(boundary.shape(), frames)) {
      while (at < operators.size() && boundaryRows > 1) {
        int end = sectionEnd(boundary, at);
        Section section = Section.of(boundary, boundaryRows, operators.subList(at, end));
        if (section == null) {
          break;
        }
        gather(
            section.narrowed(boundary),
            boundaryRows - section.outputRows() + 1,
            section.narrowed());
        boundary = operators.get(end - 1).output();
        boundaryRows = section.outputRows();
        at = end;
      }
    }
    gather(boundary, boundaryRows, operators.subList(at, operators.size()));
    close();
    return slices;
  }

  /** The first place after {@code start} at which a single tensor is all that is still read. */
  private int sectionEnd(Tensor boundary, int start) {
    int furthest = lastReader[boundary.index()];
    int at = start;
    while (furthest > at) {
      furthest = Math.max(furthest, lastReader[operators.get(at).output().index()]);
      at++;
    }
    return at + 1;
  }

  /** Operators on the newest row go on with the stage before them; others begin a stage. */
  private void gather(Tensor from, int windowRows, List<Operator> next) {
    if (input == null || windowRows > 1) {
      close();
      input = from;
      rows = windowRows;
    }
    gathered.addAll(next);
  }

  private void close() {
    if (input != null) {
      Tensor output = gathered.isEmpty() ? input : gathered.getLast().output();
      slices.add(
          new Slice(
              new Graph(graph.description(), graph.tensorCount(), gathered, input, output), rows));
      gathered.clear();
      input = null;
    }
  }
}
