package dev.earshot.registry.release;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import dev.earshot.ndp.ModelSummary;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What the engine finds in a model.
 *
 * @param format of the file
 * @param precision {@code int8}, or {@code int4} when all weights have four bits; activations have
 *     eight
 * @param quantization {@code per channel}, {@code per tensor}, or {@code mixed}
 * @param description as in the file; may be empty
 * @param macs multiply-accumulates of one inference
 * @param parameters elements of all weights and biases
 * @param weightBytes their size: int8 or packed int4 weights, int32 biases
 * @param activationBytes the largest sum of activations alive at one time
 * @param input what goes in
 * @param output what comes out
 * @param layers every operator, in order
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record ModelView(
    String format,
    String precision,
    String quantization,
    String description,
    long macs,
    long parameters,
    long weightBytes,
    long activationBytes,
    Port input,
    Port output,
    List<Layer> layers) {

  /**
   * An input or output.
   *
   * @param shape such as {@code 1x30x1x40}
   * @param scale real value of one quantization step
   * @param zeroPoint the int8 value that stands for 0
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Port(String shape, float scale, int zeroPoint) {
    private static Port of(ModelSummary.Port port) {
      return new Port(port.shape().toString(), port.scale(), port.zeroPoint());
    }
  }

  /**
   * One operator.
   *
   * @param kind its name in the file format
   * @param output shape
   * @param weights shape; {@code scalar} without any
   * @param quantization of its weights; {@code -} without any
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Layer(
      String kind, String output, String weights, String quantization, long macs, long parameters) {
    private static Layer of(ModelSummary.Step step) {
      return new Layer(
          step.kind(),
          step.output().toString(),
          step.weights().toString(),
          step.quantization(),
          step.macs(),
          step.parameters());
    }
  }

  public ModelView {
    layers = List.copyOf(layers);
  }

  public static ModelView of(ModelSummary model) {
    Set<String> ways =
        model.steps().stream()
            .filter(step -> step.parameters() > 0)
            .map(ModelSummary.Step::quantization)
            .collect(Collectors.toUnmodifiableSet());
    return new ModelView(
        "tflite",
        precision(model),
        ways.size() == 1 ? ways.iterator().next() : ways.isEmpty() ? "-" : "mixed",
        model.description(),
        model.macs(),
        model.parameters(),
        model.weightBytes(),
        model.arenaBytes(),
        Port.of(model.input()),
        Port.of(model.output()),
        model.steps().stream().map(Layer::of).toList());
  }

  private static String precision(ModelSummary model) {
    int widest = model.steps().stream().mapToInt(ModelSummary.Step::weightBits).max().orElse(0);
    return widest == 4 ? "int4" : "int8";
  }
}
