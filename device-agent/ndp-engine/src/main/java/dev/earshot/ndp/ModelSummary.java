package dev.earshot.ndp;

import dev.earshot.ndp.graph.Graph;
import dev.earshot.ndp.graph.Operator;
import dev.earshot.ndp.graph.Quantization;
import dev.earshot.ndp.graph.Shape;
import dev.earshot.ndp.graph.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What a model is and costs, for people and for chip limits.
 *
 * @param description as in the file; may be empty
 * @param fileBytes size of the file
 * @param input shape and quantization of the input
 * @param output shape and quantization of the output
 * @param steps the operators in order
 * @param macs multiply-accumulates of one inference
 * @param parameters elements of all weights and biases
 * @param weightBytes their size: int8 or packed int4 weights, int32 biases
 * @param activationBits of one element of the widest activation
 * @param arenaBytes the largest sum of activations alive at one time; a planner without
 *     fragmentation needs this much memory, a real one at least this much
 */
public record ModelSummary(
    String description,
    int fileBytes,
    Port input,
    Port output,
    List<Step> steps,
    long macs,
    long parameters,
    long weightBytes,
    int activationBits,
    long arenaBytes) {

  public ModelSummary {
    steps = List.copyOf(steps);
  }

  /**
   * The input or output of a model.
   *
   * @param name the tensor's name; may be empty
   * @param shape its dimensions
   * @param scale real value of one quantization step
   * @param zeroPoint the int8 value that stands for 0
   */
  public record Port(String name, Shape shape, float scale, int zeroPoint) {
    static Port of(Tensor tensor) {
      Quantization quantization = tensor.requireQuantization();
      return new Port(
          tensor.name(), tensor.shape(), quantization.scale(), quantization.zeroPoint());
    }
  }

  /**
   * One operator.
   *
   * @param kind its name in the file format, for example {@code CONV_2D}
   * @param inputs shapes of its activations
   * @param output shape of its output
   * @param weights shape of its weights, {@code scalar} without any
   * @param quantization how its weights are quantized: {@code per channel}, {@code per tensor}, or
   *     {@code -} without weights
   * @param macs multiply-accumulates of one inference
   * @param parameters elements of weights and bias
   * @param weightBits of one weight; 0 without any
   */
  public record Step(
      String kind,
      List<Shape> inputs,
      Shape output,
      Shape weights,
      String quantization,
      long macs,
      long parameters,
      int weightBits) {
    public Step {
      inputs = List.copyOf(inputs);
    }

    static Step of(Operator operator) {
      List<Tensor> constants = operator.constants();
      return new Step(
          operator.kind(),
          operator.activations().stream().map(Tensor::shape).toList(),
          operator.output().shape(),
          constants.isEmpty() ? Shape.of() : constants.getFirst().shape(),
          constants.isEmpty() ? "-" : describe(constants.getFirst().requireQuantization()),
          operator.macs(),
          constants.stream().mapToLong(constant -> constant.shape().elements()).sum(),
          constants.isEmpty() ? 0 : constants.getFirst().type().bits());
    }

    private static String describe(Quantization quantization) {
      return quantization.isPerChannel() ? "per channel" : "per tensor";
    }
  }

  static ModelSummary of(Graph graph, int fileBytes) {
    Set<Integer> seen = new HashSet<>();
    long parameters = 0;
    long weightBytes = 0;
    for (Operator operator : graph.operators()) {
      for (Tensor constant : operator.constants()) {
        if (seen.add(constant.index())) {
          parameters += constant.shape().elements();
          weightBytes += constant.bytes();
        }
      }
    }
    return new ModelSummary(
        graph.description(),
        fileBytes,
        Port.of(graph.input()),
        Port.of(graph.output()),
        graph.operators().stream().map(Step::of).toList(),
        graph.operators().stream().mapToLong(Operator::macs).sum(),
        parameters,
        weightBytes,
        activationBits(graph),
        arenaBytes(graph));
  }

  private static int activationBits(Graph graph) {
    return Stream.concat(Stream.of(graph.input()), graph.operators().stream().map(Operator::output))
        .mapToInt(tensor -> tensor.type().bits())
        .max()
        .orElseThrow();
  }

  /** Peak over the steps of what is alive: written already, or being written, and still needed. */
  private static long arenaBytes(Graph graph) {
    Map<Integer, Integer> lastUse = new HashMap<>();
    List<Operator> operators = graph.operators();
    for (int step = 0; step < operators.size(); step++) {
      for (Tensor activation : operators.get(step).activations()) {
        lastUse.put(activation.index(), step);
      }
    }
    lastUse.put(graph.output().index(), operators.size());
    List<Tensor> alive = new ArrayList<>(List.of(graph.input()));
    long peak = graph.input().bytes();
    for (int step = 0; step < operators.size(); step++) {
      Operator operator = operators.get(step);
      // A reshape's output is its input under another name and takes no room of its own.
      if (operator instanceof Operator.Reshape reshape) {
        alive.removeIf(tensor -> tensor.index() == reshape.input().index());
      }
      alive.add(operator.output());
      peak = Math.max(peak, alive.stream().mapToLong(Tensor::bytes).sum());
      int now = step;
      alive.removeIf(tensor -> lastUse.getOrDefault(tensor.index(), -1) <= now);
    }
    return peak;
  }
}
