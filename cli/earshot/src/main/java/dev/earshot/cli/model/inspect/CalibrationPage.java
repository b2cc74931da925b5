package dev.earshot.cli.model.inspect;

import dev.earshot.ndp.chip.ChipProfile;
import dev.earshot.ndp.chip.CostFit;
import dev.earshot.ndp.chip.EnergyModel;
import dev.earshot.ndp.chip.OperatingPoint;
import dev.earshot.ndp.chip.Parameter;
import dev.earshot.ndp.chip.PublishedResult;
import java.util.Locale;

/** What modelled figures rest on: the parameters of each chip, and each published point. */
final class CalibrationPage {
  private final StringBuilder out = new StringBuilder();

  private CalibrationPage() {}

  static String write() {
    CalibrationPage page = new CalibrationPage();
    for (ChipProfile chip : ChipProfile.all()) {
      page.parameters(chip);
    }
    page.points();
    return page.out.toString();
  }

  private void parameters(ChipProfile chip) {
    out.append("Calibration of ").append(chip.name()).append('\n');
    AlignedTable table = new AlignedTable("parameter", ">value", "unit", "how", "from");
    for (Parameter parameter : EnergyModel.of(chip).parameters()) {
      table.row(
          parameter.name(),
          ChipPage.figure(parameter.value()),
          parameter.unit(),
          parameter.origin().words(),
          parameter.remark());
    }
    table.writeTo(out);
    out.append('\n');
  }

  private void points() {
    out.append("Published MLPerf Tiny results, and the model's error at each: with it in the fit, ")
        .append("and with it left out\n");
    AlignedTable table =
        new AlignedTable("on", "task", ">uJ", ">error", ">left out", ">ms", ">error", ">left out");
    for (OperatingPoint point : OperatingPoint.all()) {
      CostFit energy = point.energyFit();
      CostFit latency = point.latencyFit();
      for (int i = 0; i < point.results().size(); i++) {
        PublishedResult result = point.results().get(i);
        table.row(
            point.name(),
            result.task(),
            ChipPage.figure(result.microjoules()),
            percent(energy.residuals().get(i)),
            percent(energy.leftOutResiduals().get(i)),
            ChipPage.figure(result.millis()),
            percent(latency.residuals().get(i)),
            percent(latency.leftOutResiduals().get(i)));
      }
    }
    table.writeTo(out);
  }

  private static String percent(double residual) {
    return String.format(Locale.ROOT, "%+.1f %%", 100 * residual);
  }
}
