package dev.earshot.cli.model.inspect;

import dev.earshot.ndp.ModelSummary;
import dev.earshot.ndp.NdpModel;
import dev.earshot.ndp.graph.Operator;
import dev.earshot.ndp.graph.Quantization;
import dev.earshot.ndp.graph.Tensor;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The model itself: operators, quantization and memory, for people. */
final class ModelPage {
  private final StringBuilder out = new StringBuilder();

  private ModelPage() {}

  static String write(String name, NdpModel model) {
    ModelPage page = new ModelPage();
    ModelSummary summary = model.summary();
    page.line("%s  %,d bytes", name, summary.fileBytes());
    page.line("input   %s", page.port(model.input()));
    page.line("output  %s", page.port(model.output()));
    page.operators(model.graph().operators());
    page.quantization(model.graph().operators());
    page.memory(MemoryUse.of(model.graph().operators()), summary);
    return page.out.toString();
  }

  private String port(Tensor tensor) {
    return "%s %s, %s"
        .formatted(tensor.shape(), type(tensor), affine(tensor.requireQuantization()));
  }

  private void operators(List<Operator> operators) {
    line("");
    line("Operators");
    AlignedTable table =
        new AlignedTable(">#", "operator", "input", "output", "weights", ">MACs", ">parameters");
    long macs = 0;
    long parameters = 0;
    for (int i = 0; i < operators.size(); i++) {
      Operator operator = operators.get(i);
      long elements = operator.constants().stream().mapToLong(c -> c.shape().elements()).sum();
      macs += operator.macs();
      parameters += elements;
      table.row(
          "" + i,
          operator.kind(),
          operator.activations().stream()
              .map(tensor -> tensor.shape().toString())
              .collect(Collectors.joining(" + ")),
          operator.output().shape().toString(),
          operator.constants().isEmpty() ? "-" : weights(operator.constants().getFirst()),
          number(operator.macs()),
          number(elements));
    }
    table.row("", "all", "", "", "", number(macs), number(parameters));
    table.writeTo(out);
  }

  private void quantization(List<Operator> operators) {
    line("");
    line("Quantization: real = scale * (q - zero point)");
    AlignedTable table =
        new AlignedTable(">#", "output", ">scale", ">zero", "weights", ">scales", "from", "to");
    for (int i = 0; i < operators.size(); i++) {
      Operator operator = operators.get(i);
      Quantization output = operator.output().requireQuantization();
      @Nullable Tensor weights =
          operator.constants().isEmpty() ? null : operator.constants().getFirst();
      @Nullable Quantization scales = weights == null ? null : weights.quantization();
      table.row(
          "" + i,
          type(operator.output()),
          scale(output.scale()),
          "" + output.zeroPoint(),
          scales == null ? "-" : scales.isPerChannel() ? "per channel" : "per tensor",
          scales == null ? "" : "" + scales.scales().size(),
          scales == null ? "" : scale(scales.scales().stream().min(Float::compare).orElseThrow()),
          scales == null ? "" : scale(scales.scales().stream().max(Float::compare).orElseThrow()));
    }
    table.writeTo(out);
  }

  private void memory(MemoryUse memory, ModelSummary summary) {
    line("");
    line("Memory");
    AlignedTable table = new AlignedTable("what", ">elements", ">bytes");
    memory
        .constants()
        .forEach(
            (type, size) ->
                table.row(
                    "constants, " + type.name().toLowerCase(Locale.ROOT),
                    number(size.elements()),
                    number(size.bytes())));
    table.row("activations alive at one time, at least", "", number(summary.arenaBytes()));
    table.row("all", "", number(summary.weightBytes() + summary.arenaBytes()));
    table.writeTo(out);
    line(
        "%,d MACs an inference; %,d parameters, %,d bytes of weights and biases",
        summary.macs(), summary.parameters(), summary.weightBytes());
  }

  private static String weights(Tensor weights) {
    return weights.shape() + " " + type(weights);
  }

  private static String type(Tensor tensor) {
    return tensor.type().name().toLowerCase(Locale.ROOT);
  }

  private static String affine(Quantization quantization) {
    return "scale %s, zero point %d"
        .formatted(scale(quantization.scale()), quantization.zeroPoint());
  }

  private static String scale(float scale) {
    return String.format(Locale.ROOT, "%.7g", scale);
  }

  private static String number(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }

  private void line(String format, Object... values) {
    out.append(String.format(Locale.ROOT, format, values)).append('\n');
  }
}
