package dev.earshot.registry.query;

import dev.earshot.protocol.Labels;
import dev.earshot.protocol.release.Evaluation;
import dev.earshot.protocol.release.Evaluation.EnvironmentResult;
import dev.earshot.protocol.release.ReleaseManifest;
import dev.earshot.protocol.release.ReleaseRef;
import dev.earshot.protocol.release.SignedManifest.SignatureEntry;
import dev.earshot.registry.release.PublishedRelease;
import dev.earshot.registry.release.ReleaseDetails;
import dev.earshot.registry.release.Transition;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/** What releases can be searched and sorted by. The words are part of the interface. */
public enum ReleaseField {
  NAME(FieldType.TEXT, "", "the release's name", one(f -> f.release().ref().name())),
  VERSION(
      FieldType.VERSION,
      "",
      "its version, ordered as in Semantic Versioning",
      one(f -> new ReleaseRef("version", f.release().ref().version()))),
  COUNTER(FieldType.NUMBER, "", "release counter", one(f -> (double) manifest(f).counter())),
  STATUS(
      FieldType.WORD,
      "",
      "draft, candidate, approved, deprecated or revoked",
      one(f -> Transition.word(f.release().status()))),
  ALIAS(FieldType.WORD, "", "an alias that stands for it, such as production", Facts::aliases),
  DESCRIPTION(FieldType.TEXT, "", "the line for people", one(f -> manifest(f).description())),
  CHIP(FieldType.WORD, "", "a chip that it may run on, such as ndp120", f -> manifest(f).chips()),
  ENVIRONMENT(
      FieldType.WORD,
      "",
      "looks at one environment: " + words(),
      f -> f.environment().map(EnvironmentResult::environment).map(List::of).orElseGet(List::of)),
  FAH(
      FieldType.NUMBER,
      "1/h",
      "false accepts per hour, in the environment or all together",
      maybe(Facts::falseAcceptsPerHour)),
  FRR(
      FieldType.NUMBER,
      "0..1",
      "false reject rate, in the environment or all together",
      maybe(Facts::falseRejectRate)),
  WORST_FAH(
      FieldType.NUMBER,
      "1/h",
      "false accepts per hour where there are most",
      maybe(f -> f.worst(EnvironmentResult::falseAcceptsPerHour))),
  WORST_FRR(
      FieldType.NUMBER,
      "0..1",
      "false reject rate where it is highest",
      maybe(f -> f.worst(EnvironmentResult::falseRejectRate))),
  EXPOSURE(
      FieldType.NUMBER,
      "h",
      "audio without the wake word that was heard",
      maybe(Facts::exposureHours)),
  ATTEMPTS(FieldType.NUMBER, "", "times that the wake word was spoken", maybe(Facts::wakeAttempts)),
  ENERGY(
      FieldType.NUMBER,
      "uJ",
      "energy of one inference, modelled",
      measured(Evaluation::energyPerInferenceMicrojoules)),
  LATENCY(
      FieldType.NUMBER,
      "ms",
      "time of one inference, modelled",
      measured(evaluation -> evaluation.inferenceMicros() / 1000)),
  MACS(
      FieldType.NUMBER,
      "",
      "multiply-accumulates of one inference",
      details(known -> (double) known.model().macs())),
  PARAMETERS(
      FieldType.NUMBER,
      "",
      "elements of weights and biases",
      details(known -> (double) known.model().parameters())),
  MEMORY(
      FieldType.NUMBER,
      "bytes",
      "weights and activations",
      details(known -> (double) (known.model().weightBytes() + known.model().arenaBytes()))),
  SIZE(
      FieldType.NUMBER,
      "bytes",
      "the model's file",
      one(f -> (double) manifest(f).model().length())),
  LAYERS(
      FieldType.NUMBER,
      "",
      "operators with weights",
      details(
          known ->
              (double)
                  known.model().steps().stream().filter(step -> step.parameters() > 0).count())),
  THRESHOLD(
      FieldType.NUMBER,
      "int8 score",
      "a smoothed score above it wakes",
      one(f -> (double) manifest(f).detector().thresholdScore())),
  SMOOTHING(
      FieldType.NUMBER,
      "inferences",
      "what scores are averaged over",
      one(f -> (double) manifest(f).detector().smoothingFrames())),
  REFRACTORY(
      FieldType.NUMBER,
      "ms",
      "after a wake, how long nothing wakes again",
      one(f -> (double) manifest(f).detector().refractoryMillis())),
  PARENT(
      FieldType.TEXT,
      "",
      "the release that it improves on, name:version",
      f ->
          f.details()
              .map(known -> known.card().lineage().parent())
              .map(parent -> List.of(parent.toString()))
              .orElseGet(List::of)),
  RECIPE(
      FieldType.TEXT,
      "",
      "digest of the training recipe, sha256:hex",
      details(known -> known.card().lineage().recipe().toString())),
  DATA(
      FieldType.TEXT,
      "",
      "digest of the training audio, sha256:hex",
      details(known -> known.card().lineage().data().toString())),
  MODEL(
      FieldType.TEXT,
      "",
      "digest of the model's file, sha256:hex",
      one(f -> manifest(f).model().digest().toString())),
  SIGNER(
      FieldType.TEXT,
      "",
      "key id of a publisher that signed it",
      f -> f.release().signed().signatures().stream().map(SignatureEntry::keyId).toList()),
  PUBLISHED(FieldType.MOMENT, "", "when it was published", one(f -> f.release().publishedAt())),
  EXPIRES(
      FieldType.MOMENT,
      "",
      "after this devices no longer install it",
      one(f -> manifest(f).expires()));

  private final FieldType type;
  private final String unit;
  private final String meaning;

  @SuppressWarnings("ImmutableEnumChecker") // every one of them is a pure lambda
  private final Function<Facts, ? extends List<? extends Comparable<?>>> values;

  ReleaseField(
      FieldType type,
      String unit,
      String meaning,
      Function<Facts, ? extends List<? extends Comparable<?>>> values) {
    this.type = type;
    this.unit = unit;
    this.meaning = meaning;
    this.values = values;
  }

  /** As queries write it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  public FieldType type() {
    return type;
  }

  /** Unit of a number; empty when it has none. */
  public String unit() {
    return unit;
  }

  /** What it is, for people. */
  public String meaning() {
    return meaning;
  }

  /** Every value that the release has; none when it is not known or there is none. */
  List<? extends Comparable<?>> values(Facts facts) {
    return values.apply(facts);
  }

  static Optional<ReleaseField> of(String word) {
    String said = word.toLowerCase(Locale.ROOT);
    return Arrays.stream(values()).filter(field -> field.word().equals(said)).findFirst();
  }

  static List<String> allWords() {
    return Arrays.stream(values()).map(ReleaseField::word).toList();
  }

  private static String words() {
    return String.join(", ", Labels.environments().stream().map(Labels::of).toList());
  }

  private static ReleaseManifest manifest(Facts facts) {
    PublishedRelease release = facts.release();
    return release.manifest();
  }

  private static Function<Facts, List<? extends Comparable<?>>> one(
      Function<Facts, ? extends Comparable<?>> value) {
    return facts -> List.of(value.apply(facts));
  }

  private static Function<Facts, List<Double>> maybe(Function<Facts, Optional<Double>> value) {
    return facts -> value.apply(facts).map(List::of).orElseGet(List::of);
  }

  private static Function<Facts, List<Double>> measured(Function<Evaluation, Double> value) {
    return facts -> facts.evaluation().map(value).map(List::of).orElseGet(List::of);
  }

  private static <T extends Comparable<?>> Function<Facts, List<T>> details(
      Function<ReleaseDetails, T> value) {
    return facts -> facts.details().map(value).map(List::of).orElseGet(List::of);
  }
}
