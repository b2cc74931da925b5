package dev.earshot.ndp.streaming;

import dev.earshot.ndp.graph.Graph;
import dev.earshot.ndp.graph.Operator;
import dev.earshot.ndp.kernel.Program;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * A model prepared for a stream of frames: each stage is a program that computes one row from the
 * last rows of the stage before it. Every model can be streamed; one whose operators do not commute
 * with time has a single stage, the full window ({@link StreamingSummary#reused()} says what is
 * saved). Immutable, and shared by all devices and threads.
 */
public final class StreamingModel {
  private final Stage[] stages;
  private final int windowFrames;
  private final int frameElements;
  private final int outputElements;
  private final StreamingSummary summary;

  /**
   * A stage and where its window is.
   *
   * @param program computes its output from its window
   * @param offset of the window in a device's state
   * @param elements of the window
   * @param rowElements of one row
   * @param warmUpFrames frames until its window is full for the first time
   */
  record Stage(Program program, int offset, int elements, int rowElements, int warmUpFrames) {
    /** Where the newest row is. */
    int newestRow() {
      return offset + elements - rowElements;
    }
  }

  private StreamingModel(
      Graph graph, int frameElements, List<Stage> stages, StreamingSummary summary) {
    this.stages = stages.toArray(Stage[]::new);
    this.frameElements = frameElements;
    this.windowFrames = graph.input().shape().elements() / frameElements;
    this.outputElements = graph.output().shape().elements();
    this.summary = summary;
  }

  /**
   * Cuts a model into stages and prepares them.
   *
   * @param graph the model; its input is a window of frames, oldest first
   * @param frameElements int8 values of one frame
   * @param compiler makes a program of each stage
   * @throws IllegalArgumentException when the model's input is not a whole number of frames
   */
  public static StreamingModel of(
      Graph graph, int frameElements, Function<Graph, Program> compiler) {
    int elements = graph.input().shape().elements();
    if (frameElements < 1 || elements % frameElements != 0) {
      throw new IllegalArgumentException(
          "frame: %d values (expected: a divisor of the model's input %s, %d values)"
              .formatted(frameElements, graph.input().shape(), elements));
    }
    List<Stage> stages = new ArrayList<>();
    List<StreamingSummary.Stage> described = new ArrayList<>();
    int offset = 0;
    int frames = 1;
    for (Slicer.Slice slice : Slicer.slices(graph, elements / frameElements)) {
      int window = slice.graph().input().shape().elements();
      frames += slice.rows() - 1;
      stages.add(
          new Stage(compiler.apply(slice.graph()), offset, window, slice.rowElements(), frames));
      described.add(describe(slice));
      offset = Math.addExact(offset, window);
    }
    StreamingSummary summary =
        new StreamingSummary(
            described,
            described.stream().mapToLong(StreamingSummary.Stage::macs).sum(),
            graph.operators().stream().mapToLong(Operator::macs).sum(),
            offset);
    return new StreamingModel(graph, frameElements, stages, summary);
  }

  private static StreamingSummary.Stage describe(Slicer.Slice slice) {
    List<Operator> operators = slice.graph().operators();
    return new StreamingSummary.Stage(
        operators.stream().map(Operator::kind).toList(),
        slice.rows(),
        slice.rowElements(),
        operators.stream().mapToLong(Operator::macs).sum());
  }

  public StreamingSummary summary() {
    return summary;
  }

  /** Frames that one output depends on. */
  public int windowFrames() {
    return windowFrames;
  }

  /** Int8 values of one frame. */
  public int frameElements() {
    return frameElements;
  }

  public int outputElements() {
    return outputElements;
  }

  /** An empty stream, for one device. */
  public StreamState newState() {
    return new StreamState(this);
  }

  /** New workspaces, for one thread at a time and any number of devices. */
  public StreamingInference newInference() {
    return new StreamingInference(this, stages);
  }
}
