package dev.earshot.simulator.scenario;

import dev.earshot.protocol.Labels;
import dev.earshot.protocol.v1.Environment;
import dev.earshot.protocol.v1.RolloutPhase;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/** The closed sets of a scenario, by the words that people write. */
final class ScenarioWords {
  static final Map<String, Environment> ENVIRONMENTS = of(Labels.environments(), ScenarioWords::of);
  static final Map<String, DeviceGroup.Fidelity> FIDELITIES =
      of(List.of(DeviceGroup.Fidelity.values()), ScenarioWords::word);
  static final Map<String, Scenario.Arrival.Shape> SHAPES =
      of(List.of(Scenario.Arrival.Shape.values()), ScenarioWords::word);
  static final Map<String, Fault.Kind> FAULTS = of(List.of(Fault.Kind.values()), Fault.Kind::word);
  static final Map<String, Regression.Metric> METRICS =
      of(List.of(Regression.Metric.values()), Regression.Metric::word);

  /** States that a rollout can be expected to be in. */
  static final List<String> ROLLOUT_STATES =
      Arrays.stream(RolloutPhase.Word.values())
          .filter(word -> word != RolloutPhase.Word.UNRECOGNIZED && word.getNumber() != 0)
          .map(ScenarioWords::word)
          .toList();

  private ScenarioWords() {}

  static String of(Environment environment) {
    return Labels.of(environment);
  }

  static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  private static <T> Map<String, T> of(List<T> values, Function<T, String> word) {
    Map<String, T> words = new LinkedHashMap<>();
    values.forEach(value -> words.put(word.apply(value), value));
    return words;
  }
}
