package dev.earshot.ndp;

import dev.earshot.ndp.graph.Graph;
import dev.earshot.ndp.graph.ModelFormatException;
import dev.earshot.ndp.graph.Tensor;
import dev.earshot.ndp.kernel.Program;
import dev.earshot.ndp.kernel.Rounding;
import dev.earshot.ndp.streaming.StreamingModel;
import dev.earshot.ndp.tflite.TfliteReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * A model ready to run: read from a {@code .tflite} file, checked, weights packed. Immutable, and
 * meant to be shared by every device and thread that runs it; what an inference writes is in an
 * {@link Inference}.
 *
 * <p>Input and output are int8 always. Of a file whose own ports are float32, the engine leaves out
 * the QUANTIZE at the beginning and the DEQUANTIZE at the end; who has real numbers does the same
 * with {@code input().requireQuantization().quantize(x)} and {@code
 * output().requireQuantization().dequantize(y)}.
 */
public final class NdpModel {
  private final Graph graph;
  private final Rounding rounding;
  private final Execution execution;
  private final Program program;
  private final ModelSummary summary;

  /** By elements of a frame; made when somebody asks, since most models hear no stream. */
  private final ConcurrentMap<Integer, StreamingModel> streaming = new ConcurrentHashMap<>();

  private NdpModel(Graph graph, Rounding rounding, Execution execution, int fileBytes) {
    this.graph = graph;
    this.rounding = rounding;
    this.execution = execution;
    this.program = execution.program(graph, rounding);
    this.summary = ModelSummary.of(graph, fileBytes);
  }

  /**
   * Reads a model with the rounding of current TensorFlow Lite.
   *
   * @throws ModelFormatException when the bytes are not a model that this engine can run
   */
  public static NdpModel parse(byte[] tflite) throws ModelFormatException {
    return parse(tflite, Rounding.TFLITE_2_20);
  }

  /**
   * Reads a model whose results shall equal those of a given generation of TensorFlow Lite.
   *
   * @throws ModelFormatException when the bytes are not a model that this engine can run
   */
  public static NdpModel parse(byte[] tflite, Rounding rounding) throws ModelFormatException {
    return parse(tflite, rounding, Execution.best());
  }

  /**
   * Reads a model to be run in a given way.
   *
   * @throws ModelFormatException when the bytes are not a model that this engine can run
   */
  public static NdpModel parse(byte[] tflite, Rounding rounding, Execution execution)
      throws ModelFormatException {
    return new NdpModel(TfliteReader.read(tflite.clone()), rounding, execution, tflite.length);
  }

  /** A graph that was not read from a file, such as a part of another. */
  public static NdpModel of(Graph graph, Rounding rounding, Execution execution) {
    return new NdpModel(graph, rounding, execution, 0);
  }

  /**
   * Reads a model file.
   *
   * @throws ModelFormatException when the file is not a model that this engine can run
   * @throws IOException when the file cannot be read
   */
  public static NdpModel read(Path file) throws IOException {
    return parse(Files.readAllBytes(file));
  }

  /** Operators and tensors. */
  public Graph graph() {
    return graph;
  }

  public Rounding rounding() {
    return rounding;
  }

  public Execution execution() {
    return execution;
  }

  public ModelSummary summary() {
    return summary;
  }

  /** What goes in: its shape, scale and zero point. */
  public Tensor input() {
    return graph.input();
  }

  /** What comes out: its shape, scale and zero point. */
  public Tensor output() {
    return graph.output();
  }

  public int inputElements() {
    return graph.input().shape().elements();
  }

  public int outputElements() {
    return graph.output().shape().elements();
  }

  /** A new workspace to run this model in, for one thread at a time. */
  public Inference newInference() {
    return new Inference(this, program.newRunner());
  }

  /**
   * This model on a stream of frames, one output for each: the same answers for a part of the work.
   * Prepared at the first call, then shared.
   *
   * @param frameElements int8 values of one frame
   * @throws IllegalArgumentException when the input is not a whole number of such frames
   */
  public StreamingModel streaming(int frameElements) {
    return streaming.computeIfAbsent(
        frameElements,
        elements ->
            StreamingModel.of(graph, elements, stage -> execution.program(stage, rounding)));
  }
}
