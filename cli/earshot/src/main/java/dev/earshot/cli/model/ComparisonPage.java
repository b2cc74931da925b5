package dev.earshot.cli.model;

import dev.earshot.cli.Terminal;
import dev.earshot.registry.compare.EnvironmentDiff;
import dev.earshot.registry.compare.EnvironmentDiff.EqualFrr;
import dev.earshot.registry.compare.EnvironmentDiff.Measure;
import dev.earshot.registry.compare.ReleaseComparison;
import dev.earshot.registry.compare.ReleaseComparison.Fact;
import dev.earshot.registry.compare.ReleaseComparison.LayerDiff;
import dev.earshot.registry.compare.ReleaseComparison.Quantity;
import dev.earshot.registry.release.ModelView;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A comparison on a terminal of 80 columns or more. */
final class ComparisonPage {
  private static final int LONGEST_FACT = 28;

  private final Terminal terminal;

  ComparisonPage(Terminal terminal) {
    this.terminal = terminal;
  }

  void print(ReleaseComparison compared) {
    terminal.heading("A  " + named(compared.a(), compared.labelA()));
    terminal.heading("B  " + named(compared.b(), compared.labelB()));
    terminal.line("   " + compared.lineage());
    terminal.line("");
    compared.facts().stream().filter(fact -> !fact.same()).forEach(this::fact);
    same(compared.facts());
    terminal.line("");
    quantities(compared.quantities());
    layers(compared.layers());
    terminal.line("");
    environments(compared);
    verdict(compared);
    terminal.line("");
    ReleasePage.wrapped(compared.method()).forEach(line -> terminal.line(terminal.faint(line)));
  }

  private static String named(String release, String label) {
    return release.equals(label) ? release : release + "  (" + label + ")";
  }

  private void fact(Fact fact) {
    terminal.line(
        String.format(Locale.ROOT, "%-15s %-30s %s", fact.name(), cut(fact.a()), cut(fact.b())));
  }

  private void same(List<Fact> facts) {
    List<String> same = facts.stream().filter(Fact::same).map(Fact::name).toList();
    if (!same.isEmpty()) {
      ReleasePage.wrapped("same: " + String.join(", ", same))
          .forEach(line -> terminal.line(terminal.faint(line)));
    }
  }

  private void quantities(List<Quantity> quantities) {
    for (Quantity one : quantities) {
      String line =
          String.format(
              Locale.ROOT,
              "%-22s %14s %14s  %s",
              one.name(),
              number(one.a()),
              number(one.b()),
              change(one));
      terminal.line(one.a() == one.b() ? terminal.faint(line.stripTrailing()) : line);
    }
  }

  private static String change(Quantity one) {
    if (one.a() == one.b()) {
      return one.unit();
    }
    return one.change() == null
        ? one.unit()
        : String.format(Locale.ROOT, "%s (%+.1f %%)", one.unit(), 100 * one.change()).strip();
  }

  private void layers(List<LayerDiff> layers) {
    long changed = layers.stream().filter(layer -> !layer.same()).count();
    terminal.line(
        "layers                 "
            + (changed == 0
                ? "the same " + layers.size() + " operators"
                : changed + " of " + layers.size() + " differ:"));
    for (LayerDiff layer : layers) {
      if (!layer.same()) {
        terminal.line("  " + layer.index() + "  A " + text(layer.a()));
        terminal.line(
            " ".repeat(Integer.toString(layer.index()).length()) + "    B " + text(layer.b()));
      }
    }
  }

  private static String text(ModelView.@Nullable Layer layer) {
    return layer == null
        ? "-"
        : String.format(
            Locale.ROOT,
            "%s %s, %s, %,d MACs, %,d parameters",
            layer.kind(),
            layer.output(),
            layer.quantization(),
            layer.macs(),
            layer.parameters());
  }

  private void environments(ReleaseComparison compared) {
    terminal.line(
        String.format(
            Locale.ROOT, "%-9s %-6s %-21s %-21s %s", "WHERE", "", "A [95 %]", "B [95 %]", ""));
    for (EnvironmentDiff one : compared.environments()) {
      terminal.line(row(one.environment(), "FA/h", one.falseAcceptsPerHour(), 1, 2));
      terminal.line(row("", "FRR %", one.falseRejectRate(), 100, 1));
      EqualFrr fair = one.atEqualFrr();
      terminal.line(
          fair == null
              ? String.format("%-9s B never misses as few as A", "")
              : String.format(
                  Locale.ROOT,
                  "%-9s at A's FRR, FA/h: %.2f against %.2f (B's threshold %d)",
                  "",
                  fair.falseAcceptsPerHourA(),
                  fair.falseAcceptsPerHourB(),
                  fair.thresholdB()));
    }
    only("A", compared.onlyA());
    only("B", compared.onlyB());
  }

  private void only(String side, List<String> environments) {
    if (!environments.isEmpty()) {
      terminal.line("only " + side + " was measured in: " + String.join(", ", environments));
    }
  }

  private String row(String where, String what, Measure measure, double scale, int digits) {
    String verdict =
        switch (measure.verdict()) {
          case BETTER -> terminal.good("better" + p(measure));
          case WORSE -> terminal.bad("WORSE" + p(measure));
          case NOT_SHOWN -> terminal.faint("no difference shown");
        };
    return String.format(
        Locale.ROOT,
        "%-9s %-6s %-21s %-21s %s",
        where,
        what,
        value(measure.a(), scale, digits)
            + " "
            + ReleasePage.interval(measure.intervalA(), scale, digits),
        value(measure.b(), scale, digits)
            + " "
            + ReleasePage.interval(measure.intervalB(), scale, digits),
        verdict);
  }

  private static String p(Measure measure) {
    return measure.adjustedP() < 0.001
        ? " (p < 0.001)"
        : String.format(Locale.ROOT, " (p %.3f)", measure.adjustedP());
  }

  private void verdict(ReleaseComparison compared) {
    terminal.line("");
    if (compared.better().isEmpty() && compared.worse().isEmpty()) {
      terminal.line("B is neither better nor worse than A by more than chance");
    }
    if (!compared.worse().isEmpty()) {
      terminal.line(terminal.bad("B is worse in: " + String.join(", ", compared.worse())));
    }
    if (!compared.better().isEmpty()) {
      terminal.line(terminal.good("B is better in: " + String.join(", ", compared.better())));
    }
  }

  private static String value(double value, double scale, int digits) {
    return Terminal.number(scale * value, digits);
  }

  private static String number(double value) {
    return value == Math.rint(value)
        ? String.format(Locale.ROOT, "%,d", (long) value)
        : String.format(Locale.ROOT, "%,.2f", value);
  }

  private static String cut(String text) {
    return text.length() <= LONGEST_FACT ? text : text.substring(0, LONGEST_FACT - 1) + "…";
  }
}
