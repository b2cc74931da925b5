package dev.earshot.cli.fleet;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.earshot.cli.UserError;
import dev.earshot.cli.fleet.FieldTradeOff.Point;
import dev.earshot.protocol.release.Evaluation;
import dev.earshot.protocol.release.ReleaseManifest;
import dev.earshot.protocol.release.ReleaseManifest.Detector;
import dev.earshot.protocol.release.ReleaseManifest.Target;
import dev.earshot.protocol.release.ReleaseRef;
import dev.earshot.protocol.release.SignedManifest;
import dev.earshot.protocol.trust.SigningKey;
import dev.earshot.registry.client.RegistryClient;
import dev.earshot.registry.release.EvaluationReader;
import dev.earshot.registry.release.ReleaseCard;
import dev.earshot.registry.release.ReleaseView;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A release that changes the detector alone: the parent's model and self-test by digest, its
 * evaluation read at the new threshold, a card that says why.
 *
 * @param signed its envelope
 * @param evaluation as JSON
 * @param card as YAML
 */
@SuppressWarnings("ArrayRecordComponent") // on its way to the registry
record DetectorRelease(SignedManifest signed, byte[] evaluation, byte[] card) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final YAMLMapper YAML =
      YAMLMapper.builder()
          .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
          .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
          .disable(YAMLGenerator.Feature.SPLIT_LINES)
          .build();

  /**
   * Makes it from what the registry holds of the parent, which must be signed by the same
   * publisher: a registry that was broken into must not get another model signed.
   *
   * @param threshold another than the parent's
   * @param expires after this instant devices no longer install it
   */
  static DetectorRelease derive(
      RegistryClient registry,
      FieldTuning tuning,
      int threshold,
      String version,
      List<SigningKey> keys,
      Instant expires) {
    SignedManifest parent = registry.manifest(tuning.release());
    requireOwn(parent, tuning.release(), keys);
    ReleaseManifest old = parent.manifest();
    if (threshold == old.detector().thresholdScore()) {
      throw new UserError(
          "threshold " + threshold + " is the one of " + old.release() + ": nothing to publish");
    }
    ReleaseRef release = new ReleaseRef(old.release().name(), version);
    byte[] evaluation = evaluation(registry, tuning, old, release, threshold);
    Detector detector = old.detector().withThreshold(threshold);
    int counter = nextCounter(registry, release.name());
    String description = description(tuning, threshold);
    ReleaseCard parentCard = ReleaseCard.parse(registry.blob(release.name(), old.card().digest()));
    byte[] card =
        card(
            new ReleaseCard(
                release,
                counter,
                description,
                old.chips(),
                detector,
                old.frontEnd(),
                new ReleaseCard.Lineage(
                    parentCard.lineage().recipe(),
                    parentCard.lineage().seed(),
                    parentCard.lineage().data(),
                    old.release())),
            tuning,
            threshold);
    ReleaseManifest manifest =
        new ReleaseManifest(
            release,
            counter,
            expires,
            old.chips(),
            description,
            old.model(),
            old.selfTest(),
            Target.of(evaluation),
            Target.of(card),
            detector,
            old.frontEnd());
    return new DetectorRelease(SignedManifest.sign(manifest, keys), evaluation, card);
  }

  /** Uploads what the parent does not have, and publishes. */
  ReleaseView publish(RegistryClient registry) {
    String name = signed.manifest().release().name();
    var _ = registry.pushBlob(name, evaluation);
    var _ = registry.pushBlob(name, card);
    return registry.publish(signed);
  }

  private static void requireOwn(SignedManifest parent, ReleaseRef asked, List<SigningKey> keys) {
    if (!parent.manifest().release().equals(asked)) {
      throw new UserError(
          "the registry sent " + parent.manifest().release() + " (expected: " + asked + ")");
    }
    try {
      parent.requireSignedBy(keys.stream().map(SigningKey::publicKey).toList(), 1);
    } catch (IllegalArgumentException e) {
      throw new UserError(
          asked
              + " was not signed with this key: "
              + e.getMessage()
              + ". Fix: let the publisher of the model move its threshold.",
          e);
    }
  }

  private static int nextCounter(RegistryClient registry, String name) {
    return 1
        + registry.list().stream()
            .filter(one -> ReleaseRef.parse(one.release()).name().equals(name))
            .mapToInt(ReleaseView::counter)
            .max()
            .orElseThrow();
  }

  private static byte[] evaluation(
      RegistryClient registry,
      FieldTuning tuning,
      ReleaseManifest old,
      ReleaseRef release,
      int threshold) {
    Evaluation measured =
        EvaluationReader.parse(registry.blob(old.release().name(), old.evaluation().digest()));
    String corpus =
        measured.corpus()
            + String.format(
                Locale.ROOT,
                "; read at threshold %d instead of %d, which %s chose: in %.1f listening hours %s"
                    + " false accepts/h instead of %s, %s %% missed instead of %s %%",
                threshold,
                tuning.runningThreshold(),
                tuning.fleet(),
                tuning.total().scores().listeningHours(),
                rate(tuning, threshold),
                rate(tuning, tuning.runningThreshold()),
                missed(tuning, threshold),
                missed(tuning, tuning.runningThreshold()));
    try {
      return JSON.writeValueAsBytes(measured.at(release, threshold, corpus));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("an evaluation is always JSON", e);
    }
  }

  private static String description(FieldTuning tuning, int threshold) {
    return String.format(
        Locale.ROOT,
        "%s with threshold %d instead of %d, tuned from %.0f listening hours in the field",
        tuning.release(),
        threshold,
        tuning.runningThreshold(),
        tuning.total().scores().listeningHours());
  }

  private static byte[] card(ReleaseCard card, FieldTuning tuning, int threshold) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("name", card.release().name());
    map.put("version", card.release().version());
    map.put("counter", card.counter());
    map.put("description", card.description());
    map.put("chips", card.chips());
    Map<String, Object> detector = new LinkedHashMap<>();
    detector.put("wakeClass", card.detector().wakeClass());
    detector.put("thresholdScore", card.detector().thresholdScore());
    detector.put("smoothingFrames", card.detector().smoothingFrames());
    detector.put("refractoryMillis", card.detector().refractoryMillis());
    if (!card.detector().words().isEmpty()) {
      detector.put("words", card.detector().words());
    }
    map.put("detector", detector);
    map.put("frontEnd", card.frontEnd());
    Map<String, Object> lineage = new LinkedHashMap<>();
    lineage.put("recipe", card.lineage().recipe().toString());
    lineage.put("seed", card.lineage().seed());
    lineage.put("data", card.lineage().data().toString());
    lineage.put("parent", tuning.release().toString());
    map.put("lineage", lineage);
    try {
      return (fieldFigures(tuning, threshold) + YAML.writeValueAsString(map))
          .getBytes(StandardCharsets.UTF_8);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a card is always YAML", e);
    }
  }

  /** What was done and on which evidence, as comments: for people, the registry skips them. */
  private static String fieldFigures(FieldTuning tuning, int threshold) {
    StringBuilder text = new StringBuilder();
    text.append("# The model of ").append(tuning.release()).append(" with another threshold.\n");
    text.append("# What ").append(tuning.fleet()).append(" showed, false accepts for each hour ");
    text.append("of listening [95 % interval]:\n");
    for (FieldTradeOff one : tuning.environments()) {
      text.append(
          String.format(
              Locale.ROOT,
              "#   %-10s %9.1f h   %s instead of %s%n",
              one.scores().environment(),
              one.scores().listeningHours(),
              FieldTuningView.text(one.at(threshold).falseAcceptsPerHour(), 1, 3),
              FieldTuningView.text(one.at(tuning.runningThreshold()).falseAcceptsPerHour(), 1, 3)));
    }
    return text.toString();
  }

  private static String rate(FieldTuning tuning, int threshold) {
    return FieldTuningView.text(point(tuning, threshold).falseAcceptsPerHour(), 1, 3);
  }

  private static String missed(FieldTuning tuning, int threshold) {
    return FieldTuningView.text(point(tuning, threshold).missShare(), 100, 1);
  }

  private static Point point(FieldTuning tuning, int threshold) {
    return tuning.total().at(threshold);
  }
}
