package dev.earshot.cli.model.inspect;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.earshot.ndp.ModelSummary;
import dev.earshot.ndp.NdpModel;
import dev.earshot.ndp.chip.Estimate;
import dev.earshot.ndp.chip.Fit;
import dev.earshot.ndp.graph.Operator;
import dev.earshot.ndp.graph.Quantization;
import dev.earshot.ndp.graph.Tensor;
import java.util.List;
import java.util.Locale;

/** The same for programs: everything that the page shows, under names with units. */
final class InspectJson {
  private InspectJson() {}

  static String write(String name, NdpModel model, Use use, List<ChipAnswer> chips) {
    ModelSummary summary = model.summary();
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.put("file", name).put("bytes", summary.fileBytes());
    root.set("input", tensor(model.input()));
    root.set("output", tensor(model.output()));
    ArrayNode operators = root.putArray("operators");
    model.graph().operators().forEach(operator -> operators.add(operator(operator)));
    root.put("macs", summary.macs())
        .put("parameters", summary.parameters())
        .put("constantBytes", summary.weightBytes())
        .put("activationBytes", summary.arenaBytes());
    root.putObject("use")
        .put("inferencesPerSecond", use.inferencesPerSecond())
        .put("listeningShare", use.listeningShare())
        .put("cell", use.cell().id())
        .put("usableMilliwattHours", use.cell().usableMilliwattHours());
    ArrayNode answers = root.putArray("chips");
    chips.forEach(chip -> answers.add(chip(chip)));
    ArrayNode others = root.putArray("others");
    ChipAnswer.others(model).forEach(single -> others.add(single(single)));
    return root.toPrettyString();
  }

  private static ObjectNode operator(Operator operator) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("kind", operator.kind()).put("macs", operator.macs());
    ArrayNode inputs = node.putArray("inputs");
    operator.activations().forEach(input -> inputs.add(tensor(input)));
    ArrayNode constants = node.putArray("constants");
    operator.constants().forEach(constant -> constants.add(tensor(constant)));
    node.set("output", tensor(operator.output()));
    return node;
  }

  private static ObjectNode tensor(Tensor tensor) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("name", tensor.name()).put("type", tensor.type().name().toLowerCase(Locale.ROOT));
    ArrayNode shape = node.putArray("shape");
    tensor.shape().dimensions().forEach(shape::add);
    Quantization quantization = tensor.quantization();
    if (quantization != null) {
      ArrayNode scales = node.putArray("scales");
      quantization.scales().forEach(scales::add);
      ArrayNode zeroPoints = node.putArray("zeroPoints");
      quantization.zeroPoints().forEach(zeroPoints::add);
    }
    return node;
  }

  private static ObjectNode chip(ChipAnswer chip) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("chip", chip.chip().id()).put("fits", chip.fit() instanceof Fit.Fits);
    ArrayNode misfits = node.putArray("misfits");
    if (chip.fit() instanceof Fit.Exceeds exceeds) {
      exceeds.misfits().forEach(misfit -> misfits.add(misfit(misfit)));
    }
    ArrayNode inferences = node.putArray("inferences");
    chip.inferences().forEach(single -> inferences.add(single(single)));
    chip.listening()
        .ifPresent(
            listening -> {
              node.set("listeningMilliwatts", estimate(listening.milliwatts()));
              node.set("averageMilliwatts", estimate(listening.averageMilliwatts()));
              node.set("batteryDays", estimate(listening.days()));
              listening.computingShare().ifPresent(share -> node.put("computingShare", share));
            });
    return node;
  }

  private static ObjectNode misfit(Fit.Misfit misfit) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("text", misfit.text());
    switch (misfit) {
      case Fit.Operators operators -> {
        ArrayNode kinds = node.putArray("unsupportedOperators");
        operators.unsupported().forEach(kinds::add);
      }
      case Fit.Over over ->
          node.put(
                  "limit",
                  over.limit().quantity().name().toLowerCase(Locale.ROOT).replace('_', '-'))
              .put("value", over.value())
              .put("most", over.limit().most())
              .put("excess", over.excess())
              .put("source", over.limit().source());
    }
    return node;
  }

  private static ObjectNode single(ChipAnswer.Single single) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("on", single.where());
    node.set("microjoules", estimate(single.microjoules()));
    node.set("millis", estimate(single.millis()));
    single
        .published()
        .ifPresent(
            result ->
                node.putObject("published")
                    .put("task", result.task())
                    .put("microjoules", result.microjoules())
                    .put("millis", result.millis()));
    return node;
  }

  /** Without an upper end where there is none. */
  private static ObjectNode estimate(Estimate estimate) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("value", estimate.value()).put("low", estimate.low());
    if (!Double.isInfinite(estimate.high())) {
      node.put("high", estimate.high());
    }
    return node.put("basis", estimate.basis());
  }
}
