package dev.earshot.cli.model.inspect;

import dev.earshot.cli.model.inspect.ChipAnswer.Listening;
import dev.earshot.cli.model.inspect.ChipAnswer.Single;
import dev.earshot.ndp.NdpModel;
import dev.earshot.ndp.chip.BatteryCell;
import dev.earshot.ndp.chip.ChipProfile;
import dev.earshot.ndp.chip.Estimate;
import dev.earshot.ndp.chip.Fit;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;

/** The model and the chips: which can run it, and what that would cost, for people. */
final class ChipPage {
  private final StringBuilder out = new StringBuilder();

  private ChipPage() {}

  static String write(NdpModel model, Use use, List<ChipAnswer> chips) {
    ChipPage page = new ChipPage();
    page.line("Chips");
    chips.forEach(page::fit);
    page.inferences(chips, ChipAnswer.others(model));
    page.listening(chips, use);
    return page.out.toString();
  }

  private void fit(ChipAnswer answer) {
    String id = answer.chip().id();
    switch (answer.fit()) {
      case Fit.Fits ignored -> {
        line("  %s: fits", id);
        for (ChipProfile.Note note : answer.chip().notes()) {
          line("    to know: %s", note.text());
        }
      }
      case Fit.Exceeds exceeds -> {
        line("  %s: does not fit", id);
        exceeds.misfits().forEach(misfit -> line("    %s", misfit(misfit)));
      }
    }
  }

  private static String misfit(Fit.Misfit misfit) {
    return switch (misfit) {
      case Fit.Operators operators -> operators.text();
      case Fit.Over over ->
          "%s (over by %s)".formatted(over.text(), over.limit().quantity().text(over.excess()));
    };
  }

  private void inferences(List<ChipAnswer> chips, List<Single> others) {
    line("");
    line("A single inference, modelled, not measured: value (error bar, two in three)");
    AlignedTable table =
        new AlignedTable("on", ">energy, uJ", "", ">latency, ms", "", "published for this model");
    for (ChipAnswer chip : chips) {
      chip.inferences().forEach(single -> row(table, single.where(), single));
    }
    others.forEach(single -> row(table, "to compare: " + single.where(), single));
    table.writeTo(out);
  }

  private static void row(AlignedTable table, String where, Single single) {
    table.row(
        where,
        figure(single.microjoules().value()),
        bar(single.microjoules()),
        figure(single.millis().value()),
        bar(single.millis()),
        single
            .published()
            .map(
                result ->
                    "%s uJ, %s ms (%s)"
                        .formatted(
                            plain(result.microjoules()), plain(result.millis()), result.task()))
            .orElse(""));
  }

  private void listening(List<ChipAnswer> chips, Use use) {
    if (chips.stream().noneMatch(chip -> chip.fit() instanceof Fit.Fits)) {
      return;
    }
    line("");
    line(
        "Listening with %s inferences a second, modelled, not measured: value (error bar)",
        plain(use.inferencesPerSecond()));
    if (chips.stream().anyMatch(chip -> chip.listening().isPresent())) {
      listeningTable(chips, use);
    }
    for (ChipAnswer chip : chips) {
      if (chip.fit() instanceof Fit.Fits) {
        line(
            "  %s: %s",
            chip.chip().id(),
            chip.listening()
                .map(listening -> listening.milliwatts().basis())
                .orElse("can't keep up with so many inferences a second"));
      }
    }
  }

  private void listeningTable(List<ChipAnswer> chips, Use use) {
    BatteryCell cell = use.cell();
    AlignedTable table =
        new AlignedTable(
            "on",
            ">computing",
            ">power, mW",
            "",
            ">at %s %% duty, mW".formatted(figure(100 * use.listeningShare())),
            "",
            ">days on " + cell.id(),
            "");
    for (ChipAnswer chip : chips) {
      chip.listening().ifPresent(listening -> row(table, chip.chip().name(), listening));
    }
    table.writeTo(out);
    line(
        "  %s: %s, %s mAh at %s V, %s %% usable, %s %% self-discharge a year; the chip alone, new cell",
        cell.id(),
        cell.name(),
        figure(cell.milliampHours()),
        figure(cell.volts()),
        figure(100 * cell.usableShare()),
        figure(100 * cell.selfDischargePerYear()));
  }

  private static void row(AlignedTable table, String where, Listening listening) {
    table.row(
        where,
        listening.computingShare().isPresent()
            ? figure(100 * listening.computingShare().getAsDouble()) + " %"
            : "-",
        figure(listening.milliwatts().value()),
        bar(listening.milliwatts()),
        figure(listening.averageMilliwatts().value()),
        bar(listening.averageMilliwatts()),
        figure(listening.days().value()),
        bar(listening.days()));
  }

  private static String bar(Estimate estimate) {
    return "(%s to %s)".formatted(figure(estimate.low()), figure(estimate.high()));
  }

  /** As it was given. */
  private static String plain(double value) {
    return BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
  }

  /** Three digits that count, without an exponent. */
  static String figure(double value) {
    if (Double.isInfinite(value)) {
      return "no end";
    }
    int digits = value == 0 ? 0 : (int) Math.floor(Math.log10(Math.abs(value)));
    String text = String.format(Locale.ROOT, "%,." + Math.max(0, 2 - digits) + "f", value);
    return text.contains(".") ? text.replaceAll("\\.?0+$", "") : text;
  }

  private void line(String format, Object... values) {
    out.append(String.format(Locale.ROOT, format, values)).append('\n');
  }
}
