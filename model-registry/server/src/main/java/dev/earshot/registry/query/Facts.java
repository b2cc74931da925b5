package dev.earshot.registry.query;

import dev.earshot.protocol.release.Evaluation;
import dev.earshot.protocol.release.Evaluation.EnvironmentResult;
import dev.earshot.registry.release.PublishedRelease;
import dev.earshot.registry.release.ReleaseDetails;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/**
 * What can be asked about a release, in one of its environments or in all of them together.
 *
 * @param release the release
 * @param details what its files say; empty when they are not at hand, and then what they say is
 *     unknown
 * @param aliases that stand for it
 * @param environment the one that is looked at; empty for all together
 */
public record Facts(
    PublishedRelease release,
    Optional<ReleaseDetails> details,
    List<String> aliases,
    Optional<EnvironmentResult> environment) {
  public Facts {
    aliases = List.copyOf(aliases);
  }

  /** A release as a whole. */
  public static Facts of(
      PublishedRelease release, Optional<ReleaseDetails> details, List<String> aliases) {
    return new Facts(release, details, aliases, Optional.empty());
  }

  /** The same release, once for each environment that was measured. */
  List<Facts> environments() {
    return details.stream()
        .flatMap(known -> known.evaluation().environments().stream())
        .map(result -> new Facts(release, details, aliases, Optional.of(result)))
        .toList();
  }

  /** False accepts an hour: of all audio together, or of the one environment. */
  Optional<Double> falseAcceptsPerHour() {
    return measured().map(all -> sum(all, EnvironmentResult::falseAccepts) / exposure(all));
  }

  /** Share of wake words missed: of all attempts together, or of the one environment. */
  Optional<Double> falseRejectRate() {
    return measured()
        .filter(all -> attempts(all) > 0)
        .map(all -> sum(all, EnvironmentResult::missedWakes) / attempts(all));
  }

  /** Hours of audio without the wake word. */
  Optional<Double> exposureHours() {
    return measured().map(Facts::exposure);
  }

  Optional<Double> wakeAttempts() {
    return measured().map(Facts::attempts);
  }

  /** The largest of all environments, also when one of them is looked at. */
  Optional<Double> worst(ToDoubleFunction<EnvironmentResult> figure) {
    return details.map(
        known ->
            known.evaluation().environments().stream().mapToDouble(figure).max().orElseThrow());
  }

  Optional<Evaluation> evaluation() {
    return details.map(ReleaseDetails::evaluation);
  }

  private Optional<List<EnvironmentResult>> measured() {
    return environment
        .map(List::of)
        .or(() -> details.map(known -> known.evaluation().environments()));
  }

  private static double exposure(List<EnvironmentResult> all) {
    return sum(all, EnvironmentResult::exposureHours);
  }

  private static double attempts(List<EnvironmentResult> all) {
    return sum(all, EnvironmentResult::wakeAttempts);
  }

  private static double sum(
      List<EnvironmentResult> all, ToDoubleFunction<EnvironmentResult> figure) {
    return all.stream().mapToDouble(figure).sum();
  }
}
