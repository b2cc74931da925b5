package dev.earshot.registry.release;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.earshot.protocol.release.Evaluation;
import dev.earshot.protocol.release.ReleaseManifest;
import dev.earshot.protocol.release.ReleaseRef;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A release as the HTTP interface shows it (JSON, these names). Made from the signed manifest, but
 * itself unsigned: devices act on the manifest only.
 *
 * @param release {@code name:version}
 * @param name part of it
 * @param version part of it
 * @param counter release counter within the name
 * @param status {@code candidate}, {@code approved} and so on
 * @param description one line
 * @param chips where it may run
 * @param frontEnd name of the audio front end
 * @param detector how scores become wakes
 * @param files what it consists of; each is fetched by digest
 * @param manifestDigest identity of the release
 * @param signedBy TUF key ids that the envelope names
 * @param expires ISO 8601
 * @param publishedAt ISO 8601, by the fleet's clock
 * @param evaluation what was measured; absent in lists and when the blob is not at hand
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ReleaseView(
    String release,
    String name,
    String version,
    int counter,
    String status,
    String description,
    List<String> chips,
    String frontEnd,
    ReleaseManifest.Detector detector,
    Files files,
    String manifestDigest,
    List<String> signedBy,
    String expires,
    String publishedAt,
    @Nullable Summary evaluation) {

  /** The files of a release. */
  public record Files(File model, File selfTest, File evaluation, File card) {}

  /**
   * One file.
   *
   * @param digest {@code sha256:...}
   * @param length bytes
   */
  public record File(String digest, int length) {
    private static File of(ReleaseManifest.Target target) {
      return new File(target.digest().toString(), target.length());
    }
  }

  /** The evaluation in short, see {@link Evaluation} for units. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Summary(
      String corpus,
      int thresholdScore,
      double energyPerInferenceMicrojoules,
      double inferenceMicros,
      long multiplyAccumulates,
      long parameters,
      long memoryBytes,
      List<EnvironmentSummary> environments) {

    public static Summary of(Evaluation evaluation) {
      return new Summary(
          evaluation.corpus(),
          evaluation.thresholdScore(),
          evaluation.energyPerInferenceMicrojoules(),
          evaluation.inferenceMicros(),
          evaluation.multiplyAccumulates(),
          evaluation.parameters(),
          evaluation.memoryBytes(),
          evaluation.environments().stream().map(EnvironmentSummary::of).toList());
    }
  }

  /**
   * One environment.
   *
   * @param environment its label
   * @param falseAcceptsPerHour measured over {@code exposureHours}
   * @param exposureHours of audio without the wake word
   * @param falseRejectRate 0 to 1, measured over {@code wakeAttempts}
   * @param wakeAttempts times that the wake word was spoken
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record EnvironmentSummary(
      String environment,
      double falseAcceptsPerHour,
      double exposureHours,
      double falseRejectRate,
      int wakeAttempts) {
    private static EnvironmentSummary of(Evaluation.EnvironmentResult result) {
      return new EnvironmentSummary(
          result.environment(),
          result.falseAcceptsPerHour(),
          result.exposureHours(),
          result.falseRejectRate(),
          result.wakeAttempts());
    }
  }

  public ReleaseView {
    chips = List.copyOf(chips);
    signedBy = List.copyOf(signedBy);
  }

  public static ReleaseView of(PublishedRelease release, @Nullable Evaluation evaluation) {
    ReleaseManifest manifest = release.manifest();
    return new ReleaseView(
        manifest.release().toString(),
        manifest.release().name(),
        manifest.release().version(),
        manifest.counter(),
        release.status().name().toLowerCase(Locale.ROOT),
        manifest.description(),
        manifest.chips(),
        manifest.frontEnd(),
        manifest.detector(),
        new Files(
            File.of(manifest.model()),
            File.of(manifest.selfTest()),
            File.of(manifest.evaluation()),
            File.of(manifest.card())),
        release.digest().toString(),
        release.signed().signatures().stream().map(entry -> entry.keyId()).toList(),
        manifest.expires().toString(),
        release.publishedAt().toString(),
        evaluation == null ? null : Summary.of(evaluation));
  }

  /** Name and version as one value. */
  @JsonIgnore
  public ReleaseRef ref() {
    return new ReleaseRef(name, version);
  }
}
