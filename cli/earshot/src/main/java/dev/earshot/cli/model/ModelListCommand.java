package dev.earshot.cli.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.earshot.cli.Connection;
import dev.earshot.registry.client.RegistryClient;
import dev.earshot.registry.query.ReleaseQuery;
import dev.earshot.registry.release.EvaluationView;
import dev.earshot.registry.release.ReleaseView;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Lists the registry's releases. */
@Command(
    name = "list",
    mixinStandardHelpOptions = true,
    description = {
      "List the registry's releases, or those that fulfil a condition.",
      "",
      "  earshot model list --where 'chip = ndp120 and fah < 0.5' --sort fah",
      "  earshot model list --where 'environment = car and frr < 0.1'",
      "  earshot model list --where 'status = approved or alias = production'",
      "",
      "Comparisons (= != < <= > >=, and ~ for \"contains\") are joined by and, or, not and",
      "parentheses; --fields shows what can be asked. A condition that names an environment is about",
      "one environment at a time, any other about all together."
    })
public final class ModelListCommand implements Callable<Integer> {
  private static final String FORMAT = "%-20s %3s  %-10s %-13s %7s %6s %7s  %s%n";
  private static final ObjectMapper JSON = new ObjectMapper();

  @Option(names = "--where", paramLabel = "CONDITION", description = "Which releases.")
  private String where = "";

  @Option(
      names = "--sort",
      paramLabel = "FIELDS",
      description = "Fields separated by commas; - before one that is to be descending.")
  private String sort = "";

  @Option(names = "--fields", description = "Show the fields with their types and units.")
  private boolean fields;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Mixin private Connection connection = new Connection();

  @Override
  public Integer call() throws JsonProcessingException {
    if (fields) {
      System.out.print(ReleaseQuery.help());
      return 0;
    }
    // Here first, so that a mistake needs no registry to be told.
    var _ = ReleaseQuery.parse(where, sort);
    try (RegistryClient registry = new RegistryClient(connection.registry(), "")) {
      List<ReleaseView> found = registry.find(where, sort);
      if (json) {
        System.out.println(JSON.writerWithDefaultPrettyPrinter().writeValueAsString(found));
        return 0;
      }
      System.out.printf(FORMAT, "RELEASE", "CTR", "STATUS", "CHIPS", "FA/h", "FRR", "uJ", "");
      found.forEach(ModelListCommand::print);
    }
    return 0;
  }

  private static void print(ReleaseView release) {
    EvaluationView evaluation = release.evaluation();
    System.out.printf(
        FORMAT,
        release.release(),
        release.counter(),
        release.status(),
        String.join(",", release.chips()),
        number(
            evaluation, all -> sum(all, e -> e.falseAccepts()) / sum(all, e -> e.exposureHours())),
        number(evaluation, all -> sum(all, e -> e.missedWakes()) / sum(all, e -> e.wakeAttempts())),
        number(evaluation, EvaluationView::energyPerInferenceMicrojoules),
        release.aliases().isEmpty()
            ? release.description()
            : "@" + String.join(" @", release.aliases()) + "  " + release.description());
  }

  private static double sum(
      EvaluationView evaluation, ToDoubleFunction<EvaluationView.Environment> figure) {
    return evaluation.environments().stream().mapToDouble(figure).sum();
  }

  private static String number(
      @Nullable EvaluationView evaluation, ToDoubleFunction<EvaluationView> figure) {
    return evaluation == null
        ? "?"
        : String.format(Locale.ROOT, "%.3g", figure.applyAsDouble(evaluation));
  }
}
