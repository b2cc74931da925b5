package dev.earshot.cli.model;

import dev.earshot.cli.UserError;
import dev.earshot.ndp.ModelSummary;
import dev.earshot.ndp.NdpModel;
import dev.earshot.ndp.chip.ChipProfile;
import dev.earshot.ndp.chip.Fit;
import dev.earshot.ndp.graph.ModelFormatException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Shows what a model file is and costs, and which chips can run it. */
@Command(
    name = "inspect",
    mixinStandardHelpOptions = true,
    description =
        "Show a model's operators, shapes, quantization, operations and memory, and which chips it fits.")
public final class ModelInspectCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "FILE.tflite", description = "The model.")
  private Path file = Path.of("");

  @Override
  public Integer call() throws IOException {
    NdpModel model;
    try {
      model = NdpModel.read(file);
    } catch (ModelFormatException e) {
      throw new UserError(file + ": " + e.getMessage(), e);
    }
    PrintStream out = System.out;
    ModelSummary summary = model.summary();
    out.printf(Locale.ROOT, "%s  %,d bytes%n", file.getFileName(), summary.fileBytes());
    out.println("input   " + port(summary.input()));
    out.println("output  " + port(summary.output()));
    out.println();
    out.printf(
        "  # %-20s %-14s %-14s %-12s %12s %9s%n",
        "operator", "output", "weights", "quantized", "MACs", "params");
    int index = 0;
    for (ModelSummary.Step step : summary.steps()) {
      out.printf(
          Locale.ROOT,
          "%3d %-20s %-14s %-14s %-12s %,12d %,9d%n",
          index++,
          step.kind(),
          step.output(),
          step.weights(),
          step.quantization(),
          step.macs(),
          step.parameters());
    }
    out.println();
    out.printf(
        Locale.ROOT,
        "%,d MACs an inference; %,d parameters, %,d bytes of weights; at least %,d bytes of activations%n",
        summary.macs(),
        summary.parameters(),
        summary.weightBytes(),
        summary.arenaBytes());
    for (ChipProfile chip : ChipProfile.all()) {
      switch (Fit.of(model, chip)) {
        case Fit.Fits fits -> out.println(chip.id() + ": fits");
        case Fit.Exceeds exceeds ->
            out.println(chip.id() + ": does not fit: " + String.join("; ", exceeds.reasons()));
      }
    }
    return 0;
  }

  private static String port(ModelSummary.Port port) {
    return String.format(
        Locale.ROOT,
        "%s int8, scale %.7g, zero point %d",
        port.shape(),
        port.scale(),
        port.zeroPoint());
  }
}
