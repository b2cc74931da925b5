package dev.earshot.registry.compare;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.earshot.protocol.release.Evaluation.EnvironmentResult;
import dev.earshot.registry.compare.EnvironmentDiff.EqualFrr;
import dev.earshot.registry.compare.EnvironmentDiff.Measure;
import dev.earshot.registry.compare.EnvironmentDiff.Verdict;
import dev.earshot.registry.release.ModelView;
import dev.earshot.registry.release.ReleaseCard;
import dev.earshot.registry.statistics.ExactTests;
import dev.earshot.registry.statistics.Interval;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * Release B against release A.
 *
 * @param a the first, {@code name:version}
 * @param b the second
 * @param labelA as it was asked for
 * @param labelB as it was asked for
 * @param lineage how they are related, in words
 * @param facts what each is, in words
 * @param quantities what each costs, in numbers
 * @param layers the operators of both, by position; absent where one has fewer
 * @param environments those that both were measured in
 * @param onlyA environments that only A was measured in
 * @param onlyB environments that only B was measured in
 * @param better where B is better by more than chance, in something, and worse in nothing
 * @param worse where B is worse by more than chance, in something
 * @param method which tests at which level, for people
 */
public record ReleaseComparison(
    String a,
    String b,
    String labelA,
    String labelB,
    String lineage,
    List<Fact> facts,
    List<Quantity> quantities,
    List<LayerDiff> layers,
    List<EnvironmentDiff> environments,
    List<String> onlyA,
    List<String> onlyB,
    List<String> better,
    List<String> worse,
    String method) {
  /** Chance of calling anything different when nothing is, at most. */
  public static final double LEVEL = 0.05;

  @SuppressWarnings("InlineFormatString") // long, and about everything below
  private static final String METHOD =
      "smaller is better; intervals are exact, 95 %% (Garwood, Clopper-Pearson); false accepts:"
          + " conditional binomial test of two Poisson rates, false rejects: Fisher's exact test;"
          + " both two-sided, Holm-adjusted over %d comparisons, level 5 %%; the two measurements"
          + " are taken as independent, which shows less than it could where both heard the same"
          + " audio";

  /** Something in words. */
  public record Fact(String name, String a, String b, boolean same) {}

  /**
   * Something in numbers.
   *
   * @param unit empty for a count
   * @param change from A to B, as a share of A; absent when A is 0 or a share says nothing, as of a
   *     counter or a score
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Quantity(String name, String unit, double a, double b, @Nullable Double change) {
    static Quantity of(String name, String unit, double a, double b) {
      return new Quantity(name, unit, a, b, a == 0 ? null : (b - a) / a);
    }
  }

  /** An operator of both, by position. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record LayerDiff(
      int index, ModelView.@Nullable Layer a, ModelView.@Nullable Layer b, boolean same) {}

  public ReleaseComparison {
    facts = List.copyOf(facts);
    quantities = List.copyOf(quantities);
    layers = List.copyOf(layers);
    environments = List.copyOf(environments);
    onlyA = List.copyOf(onlyA);
    onlyB = List.copyOf(onlyB);
    better = List.copyOf(better);
    worse = List.copyOf(worse);
  }

  /** Compares. */
  public static ReleaseComparison of(Side a, Side b) {
    List<EnvironmentDiff> environments = environments(a, b);
    return new ReleaseComparison(
        a.manifest().release().toString(),
        b.manifest().release().toString(),
        a.label(),
        b.label(),
        lineage(a, b),
        facts(a, b),
        quantities(a, b),
        layers(a, b),
        environments,
        missing(a, b),
        missing(b, a),
        environments.stream()
            .filter(one -> has(one, Verdict.BETTER) && !has(one, Verdict.WORSE))
            .map(EnvironmentDiff::environment)
            .toList(),
        environments.stream()
            .filter(one -> has(one, Verdict.WORSE))
            .map(EnvironmentDiff::environment)
            .toList(),
        METHOD.formatted(2 * environments.size()));
  }

  private static boolean has(EnvironmentDiff diff, Verdict verdict) {
    return diff.falseAcceptsPerHour().verdict() == verdict
        || diff.falseRejectRate().verdict() == verdict;
  }

  private static List<EnvironmentDiff> environments(Side a, Side b) {
    List<EnvironmentResult> left = new ArrayList<>();
    List<EnvironmentResult> right = new ArrayList<>();
    List<Double> values = new ArrayList<>();
    for (EnvironmentResult one : results(a)) {
      find(b, one.environment())
          .ifPresent(
              other -> {
                left.add(one);
                right.add(other);
                values.add(
                    ExactTests.rates(
                        one.falseAccepts(),
                        one.exposureHours(),
                        other.falseAccepts(),
                        other.exposureHours()));
                values.add(
                    ExactTests.shares(
                        one.missedWakes(),
                        one.wakeAttempts(),
                        other.missedWakes(),
                        other.wakeAttempts()));
              });
    }
    List<Double> adjusted = ExactTests.holm(values);
    List<EnvironmentDiff> diffs = new ArrayList<>();
    for (int i = 0; i < left.size(); i++) {
      diffs.add(
          environment(
              left.get(i),
              right.get(i),
              values.subList(2 * i, 2 * i + 2),
              adjusted.subList(2 * i, 2 * i + 2)));
    }
    return diffs;
  }

  private static EnvironmentDiff environment(
      EnvironmentResult a, EnvironmentResult b, List<Double> p, List<Double> adjusted) {
    return new EnvironmentDiff(
        a.environment(),
        Measure.of(
            a.falseAcceptsPerHour(),
            Interval.ofRate(a.falseAccepts(), a.exposureHours()),
            b.falseAcceptsPerHour(),
            Interval.ofRate(b.falseAccepts(), b.exposureHours()),
            p.getFirst(),
            adjusted.getFirst()),
        Measure.of(
            a.falseRejectRate(),
            Interval.ofShare(a.missedWakes(), a.wakeAttempts()),
            b.falseRejectRate(),
            Interval.ofShare(b.missedWakes(), b.wakeAttempts()),
            p.getLast(),
            adjusted.getLast()),
        EqualFrr.of(a, b).orElse(null));
  }

  private static List<EnvironmentResult> results(Side side) {
    return side.details().evaluation().environments();
  }

  private static Optional<EnvironmentResult> find(Side side, String environment) {
    return results(side).stream()
        .filter(result -> result.environment().equals(environment))
        .findFirst();
  }

  /** Environments of {@code one} that {@code other} was not measured in. */
  private static List<String> missing(Side one, Side other) {
    return results(one).stream()
        .map(EnvironmentResult::environment)
        .filter(environment -> find(other, environment).isEmpty())
        .toList();
  }

  private static String lineage(Side a, Side b) {
    ReleaseCard.Lineage ofA = a.details().card().lineage();
    ReleaseCard.Lineage ofB = b.details().card().lineage();
    String nameA = a.manifest().release().toString();
    String nameB = b.manifest().release().toString();
    if (nameA.equals(nameB) && a.manifest().model().equals(b.manifest().model())) {
      return "both are " + nameA;
    }
    if (a.manifest().release().equals(ofB.parent())) {
      return nameA + " is the parent of " + nameB;
    }
    if (b.manifest().release().equals(ofA.parent())) {
      return nameB + " is the parent of " + nameA;
    }
    return ofA.parent() != null && ofA.parent().equals(ofB.parent())
        ? "both come from " + ofA.parent()
        : "neither is the other's parent";
  }

  private static List<Fact> facts(Side a, Side b) {
    List<Fact> facts = new ArrayList<>();
    ModelView modelA = ModelView.of(a.details().model());
    ModelView modelB = ModelView.of(b.details().model());
    fact(facts, "chips", a.manifest().chips(), b.manifest().chips());
    fact(facts, "model", a.manifest().model().digest().hex(), b.manifest().model().digest().hex());
    fact(facts, "precision", modelA.precision(), modelB.precision());
    fact(facts, "quantization", modelA.quantization(), modelB.quantization());
    fact(facts, "input", port(modelA.input()), port(modelB.input()));
    fact(facts, "output", port(modelA.output()), port(modelB.output()));
    fact(facts, "front end", a.manifest().frontEnd(), b.manifest().frontEnd());
    if (!words(a).isEmpty() || !words(b).isEmpty()) {
      fact(facts, "further words", words(a), words(b));
    }
    fact(facts, "recipe", lineageOf(a).recipe().hex(), lineageOf(b).recipe().hex());
    fact(facts, "seed", lineageOf(a).seed(), lineageOf(b).seed());
    fact(facts, "training data", lineageOf(a).data().hex(), lineageOf(b).data().hex());
    fact(facts, "corpus", a.details().evaluation().corpus(), b.details().evaluation().corpus());
    return facts;
  }

  /** Further words, each with its class, threshold, smoothing and refractory time. */
  private static List<String> words(Side side) {
    return side.manifest().detector().words().stream()
        .map(
            word ->
                String.format(
                    Locale.ROOT,
                    "%s (class %d, score > %d, %d frames, %d ms)",
                    word.label(),
                    word.wakeClass(),
                    word.thresholdScore(),
                    word.smoothingFrames(),
                    word.refractoryMillis()))
        .toList();
  }

  private static ReleaseCard.Lineage lineageOf(Side side) {
    return side.details().card().lineage();
  }

  private static void fact(List<Fact> facts, String name, Object a, Object b) {
    facts.add(new Fact(name, words(a), words(b), Objects.equals(a, b)));
  }

  private static String words(Object value) {
    return value instanceof List<?> several
        ? String.join(", ", several.stream().map(String::valueOf).toList())
        : String.valueOf(value);
  }

  private static String port(ModelView.Port port) {
    return String.format(
        Locale.ROOT, "%s, scale %.5g, zero %d", port.shape(), port.scale(), port.zeroPoint());
  }

  private static List<Quantity> quantities(Side a, Side b) {
    List<Quantity> all = new ArrayList<>();
    all.add(
        new Quantity("release counter", "", a.manifest().counter(), b.manifest().counter(), null));
    add(all, a, b, "model file", "bytes", side -> side.manifest().model().length());
    add(all, a, b, "weights", "bytes", side -> side.details().model().weightBytes());
    add(all, a, b, "activations", "bytes", side -> side.details().model().arenaBytes());
    add(
        all,
        a,
        b,
        "memory",
        "bytes",
        side -> side.details().model().weightBytes() + side.details().model().arenaBytes());
    add(all, a, b, "operators", "", side -> side.details().model().steps().size());
    add(all, a, b, "parameters", "", side -> side.details().model().parameters());
    add(all, a, b, "MACs an inference", "", side -> side.details().model().macs());
    add(
        all,
        a,
        b,
        "energy an inference",
        "uJ",
        side -> side.details().evaluation().energyPerInferenceMicrojoules());
    add(all, a, b, "latency", "ms", side -> side.details().evaluation().inferenceMicros() / 1000);
    all.add(
        new Quantity(
            "threshold",
            "score",
            a.manifest().detector().thresholdScore(),
            b.manifest().detector().thresholdScore(),
            null));
    add(all, a, b, "smoothing", "frames", side -> side.manifest().detector().smoothingFrames());
    add(all, a, b, "refractory", "ms", side -> side.manifest().detector().refractoryMillis());
    return all;
  }

  private static void add(
      List<Quantity> all, Side a, Side b, String name, String unit, ToDoubleFunction<Side> value) {
    all.add(Quantity.of(name, unit, value.applyAsDouble(a), value.applyAsDouble(b)));
  }

  private static List<LayerDiff> layers(Side a, Side b) {
    List<ModelView.Layer> left = ModelView.of(a.details().model()).layers();
    List<ModelView.Layer> right = ModelView.of(b.details().model()).layers();
    List<LayerDiff> layers = new ArrayList<>();
    for (int i = 0; i < Math.max(left.size(), right.size()); i++) {
      ModelView.Layer one = i < left.size() ? left.get(i) : null;
      ModelView.Layer other = i < right.size() ? right.get(i) : null;
      layers.add(new LayerDiff(i, one, other, Objects.equals(one, other)));
    }
    return layers;
  }
}
