package dev.earshot.cli.model.inspect;

import dev.earshot.cli.UserError;
import dev.earshot.ndp.NdpModel;
import dev.earshot.ndp.chip.BatteryCell;
import dev.earshot.ndp.graph.ModelFormatException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows what a model file is and costs, and which chips can run it. */
@Command(
    name = "inspect",
    mixinStandardHelpOptions = true,
    description = {
      "Show a model's operators, shapes, quantization, operations and memory, which chips it fits and"
          + " why not, and what it would cost there.",
      "",
      "Energy, latency, power and battery life are modelled from published results, not measured; the"
          + " error bars say how far they may be off."
    })
public final class ModelInspectCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "FILE.tflite", description = "The model.")
  private Path file = Path.of("");

  @Option(
      names = "--rate",
      paramLabel = "N",
      defaultValue = "31.25",
      description =
          "Inferences a second while listening, one for each frame. Default: ${DEFAULT-VALUE}, the"
              + " front end of MLPerf Tiny's streaming wake word.")
  private double rate;

  @Option(
      names = "--duty",
      paramLabel = "PERCENT",
      defaultValue = "100",
      description = "Share of the time that the chip listens, above 0 to 100. Default: 100.")
  private double dutyPercent;

  @Option(
      names = "--cell",
      paramLabel = "CELL",
      defaultValue = "cr2032",
      description =
          "What feeds it: cr2032, lipo100, 2xaaa, or MAH:VOLTS:USABLE:YEARLY, such as"
              + " 225:3.0:0.9:0.01 for the first (shares of 1 for what can be taken out, and what a"
              + " year of self-discharge takes). Default: ${DEFAULT-VALUE}.")
  private String cell = "cr2032";

  @Option(
      names = "--calibration",
      description =
          "Show what the modelled figures rest on: parameters, and each point's residual.")
  private boolean calibration;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    Use use = use();
    NdpModel model;
    try {
      model = NdpModel.read(file);
    } catch (ModelFormatException e) {
      throw new UserError(file + ": " + e.getMessage(), e);
    }
    List<ChipAnswer> chips = ChipAnswer.all(model, use);
    String name = String.valueOf(file.getFileName());
    if (json) {
      System.out.println(InspectJson.write(name, model, use, chips));
      return 0;
    }
    System.out.print(ModelPage.write(name, model));
    System.out.println();
    System.out.print(ChipPage.write(model, use, chips));
    if (calibration) {
      System.out.println();
      System.out.print(CalibrationPage.write());
    }
    return 0;
  }

  private Use use() {
    if (!(rate > 0 && rate <= 10_000)) {
      throw new UserError("--rate: " + rate + " (expected: above 0 to 10000)");
    }
    if (!(dutyPercent > 0 && dutyPercent <= 100)) {
      throw new UserError("--duty: " + dutyPercent + " (expected: above 0 to 100)");
    }
    return new Use(rate, dutyPercent / 100, cell());
  }

  private BatteryCell cell() {
    return BatteryCell.byId(cell).orElseGet(this::ownCell);
  }

  private BatteryCell ownCell() {
    String[] figures = cell.split(":", -1);
    if (figures.length != 4) {
      throw new UserError(
          "--cell: '%s' (expected: one of %s, or MAH:VOLTS:USABLE:YEARLY)"
              .formatted(
                  cell,
                  String.join(", ", BatteryCell.all().stream().map(BatteryCell::id).toList())));
    }
    try {
      return new BatteryCell(
          "own",
          "your cell",
          Double.parseDouble(figures[0]),
          Double.parseDouble(figures[1]),
          Double.parseDouble(figures[2]),
          Double.parseDouble(figures[3]),
          "the command line");
    } catch (NumberFormatException e) {
      throw new UserError("--cell: '" + cell + "' (expected: four numbers)", e);
    } catch (IllegalArgumentException e) {
      throw new UserError("--cell: " + e.getMessage(), e);
    }
  }
}
