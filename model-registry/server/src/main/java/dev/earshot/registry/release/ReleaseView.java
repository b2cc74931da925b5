package dev.earshot.registry.release;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.earshot.protocol.release.ReleaseManifest;
import dev.earshot.protocol.release.ReleaseRef;
import java.util.List;
import java.util.Optional;
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
 * @param statusChange the decision that gave it its status; absent when it has its first
 * @param aliases that stand for it, such as {@code production}
 * @param description one line
 * @param chips where it may run
 * @param frontEnd name of the audio front end
 * @param detector how scores become wakes
 * @param files what it consists of; each is fetched by digest
 * @param manifestDigest identity of the release
 * @param signedBy TUF key ids that the envelope names
 * @param expires ISO 8601
 * @param publishedAt ISO 8601, by the fleet's clock
 * @param ociReference repository and tag of its OCI artifact below this registry's host, when its
 *     publisher has pushed one
 * @param lineage how it came to be; absent, as all below, when its files are not at hand
 * @param model what the engine finds in it; absent in lists
 * @param costs on every chip that it declares; empty in lists
 * @param evaluation what was measured
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ReleaseView(
    String release,
    String name,
    String version,
    int counter,
    String status,
    @Nullable Decision statusChange,
    List<String> aliases,
    String description,
    List<String> chips,
    String frontEnd,
    ReleaseManifest.Detector detector,
    Files files,
    String manifestDigest,
    List<String> signedBy,
    String expires,
    String publishedAt,
    String ociReference,
    @Nullable Lineage lineage,
    @Nullable ModelView model,
    List<ChipView> costs,
    @Nullable EvaluationView evaluation) {

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

  /**
   * How it came to be.
   *
   * @param recipe digest of the training recipe
   * @param seed that the training started from
   * @param data digest of the training audio
   * @param parent the release that it improves on; absent when there is none
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Lineage(String recipe, long seed, String data, @Nullable String parent) {
    private static Lineage of(ReleaseCard.Lineage lineage) {
      return new Lineage(
          lineage.recipe().toString(),
          lineage.seed(),
          lineage.data().toString(),
          lineage.parent() == null ? null : lineage.parent().toString());
    }
  }

  /** Who gave it its status, when (ISO 8601, by the fleet's clock), and why. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Decision(String at, String by, String reason) {
    private static Decision of(StatusChange change) {
      return new Decision(change.at().toString(), change.by(), change.reason());
    }
  }

  /** How much of a release is shown. */
  public enum Extent {
    /** For lists: without layers and without the points of the trade-off. */
    BRIEF,
    /** Everything. */
    FULL
  }

  public ReleaseView {
    chips = List.copyOf(chips);
    aliases = List.copyOf(aliases);
    signedBy = List.copyOf(signedBy);
    costs = List.copyOf(costs);
  }

  /**
   * A release as it is shown.
   *
   * @param details empty when a file is not at hand; then what they say is absent
   * @param aliases that stand for it
   */
  public static ReleaseView of(
      PublishedRelease release,
      Optional<ReleaseDetails> details,
      List<String> aliases,
      Extent extent) {
    ReleaseManifest manifest = release.manifest();
    boolean full = extent == Extent.FULL;
    return new ReleaseView(
        manifest.release().toString(),
        manifest.release().name(),
        manifest.release().version(),
        manifest.counter(),
        Transition.word(release.status()),
        release.changed().map(Decision::of).orElse(null),
        aliases,
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
        manifest.release().toString(),
        details.map(known -> Lineage.of(known.card().lineage())).orElse(null),
        details.filter(known -> full).map(known -> ModelView.of(known.model())).orElse(null),
        details.filter(known -> full).map(known -> costs(manifest, known)).orElseGet(List::of),
        details.map(known -> EvaluationView.of(known.evaluation(), full)).orElse(null));
  }

  private static List<ChipView> costs(ReleaseManifest manifest, ReleaseDetails details) {
    return manifest.chips().stream()
        .flatMap(chip -> ChipView.of(chip, manifest.frontEnd(), details.model()).stream())
        .toList();
  }

  /** Name and version as one value. */
  @JsonIgnore
  public ReleaseRef ref() {
    return new ReleaseRef(name, version);
  }
}
