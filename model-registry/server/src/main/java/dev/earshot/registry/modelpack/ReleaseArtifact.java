package dev.earshot.registry.modelpack;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import dev.earshot.ndp.ModelSummary;
import dev.earshot.protocol.Digest;
import dev.earshot.protocol.release.ReleaseManifest;
import dev.earshot.protocol.release.SignedManifest;
import dev.earshot.protocol.trust.SigningKey;
import dev.earshot.registry.release.ModelView;
import dev.earshot.registry.release.ReleaseContent;
import dev.earshot.registry.release.ReleaseDetails;
import dev.earshot.registry.release.ReleaseFile;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * A release as an OCI artifact.
 *
 * @param config ModelPack's, about the model
 * @param layers weights, detector, self-test, card
 * @param manifest names them; its digest is the artifact's
 * @param referrers what is said about it: evaluation, signature, provenance
 */
public record ReleaseArtifact(
    Blob config, List<Blob> layers, ByteString manifest, List<Referrer> referrers) {
  /** The layer with the detector's parameters. */
  public static final String DETECTOR_FILE = "detector.json";

  private static final Blob EMPTY = Blob.of(MediaTypes.OCI_EMPTY, "", new byte[] {'{', '}'});

  /**
   * A manifest of its own that has the artifact as its subject.
   *
   * @param config OCI's empty one
   * @param content the one layer
   */
  public record Referrer(String artifactType, Blob config, Blob content, ByteString manifest) {
    public Digest digest() {
      return Digest.of(manifest.toByteArray());
    }
  }

  public ReleaseArtifact {
    layers = List.copyOf(layers);
    referrers = List.copyOf(referrers);
  }

  /** The digest that names it for ever. */
  public Digest digest() {
    return Digest.of(manifest.toByteArray());
  }

  /**
   * Makes the artifact of a release.
   *
   * @param signer a publisher's key, which signs the provenance
   */
  public static ReleaseArtifact of(
      SignedManifest signed, ReleaseContent files, ReleaseDetails details, SigningKey signer) {
    ReleaseManifest release = signed.manifest();
    List<Blob> layers =
        List.of(
            file(MediaTypes.WEIGHT, ReleaseFile.MODEL, files),
            Blob.of(MediaTypes.WEIGHT_CONFIG, DETECTOR_FILE, detector(release)),
            file(MediaTypes.DATASET, ReleaseFile.SELF_TEST, files),
            file(MediaTypes.DOC, ReleaseFile.CARD, files));
    Blob config = Blob.of(MediaTypes.MODEL_CONFIG, "", config(release, details.model(), layers));
    ObjectNode manifest = OciJson.manifest(MediaTypes.MODEL_MANIFEST, config, layers);
    OciJson.annotate(
        manifest,
        new TreeMap<>(
            Map.of(
                "org.opencontainers.image.title", release.release().name(),
                "org.opencontainers.image.version", release.release().version(),
                "org.opencontainers.image.description", release.description(),
                "dev.earshot.release.manifest", signed.digest().toString())));
    byte[] bytes = OciJson.bytes(manifest);
    byte[] statement = Provenance.statement(release, details.card().lineage());
    return new ReleaseArtifact(
        config,
        layers,
        ByteString.copyFrom(bytes),
        List.of(
            referrer(
                bytes,
                MediaTypes.EVALUATION,
                file(MediaTypes.EVALUATION, ReleaseFile.EVALUATION, files),
                Map.of()),
            referrer(
                bytes,
                MediaTypes.SIGNED_MANIFEST,
                Blob.of(MediaTypes.SIGNED_MANIFEST, "manifest.json", signed.bytes().toArray()),
                Map.of()),
            referrer(
                bytes,
                MediaTypes.IN_TOTO,
                Blob.of(MediaTypes.DSSE, "provenance.json", Provenance.envelope(statement, signer)),
                Map.of("in-toto.io/predicate-type", Provenance.PREDICATE))));
  }

  /** The detector's parameters as any reader takes them: JSON with units in the names. */
  static byte[] detector(ReleaseManifest release) {
    ReleaseManifest.Detector detector = release.detector();
    ObjectNode json =
        OciJson.object()
            .put("frontEnd", release.frontEnd())
            .put("wakeClass", detector.wakeClass())
            .put("thresholdScore", detector.thresholdScore())
            .put("smoothingFrames", detector.smoothingFrames())
            .put("refractoryMillis", detector.refractoryMillis());
    if (!detector.words().isEmpty()) {
      ArrayNode words = json.putArray("words");
      for (ReleaseManifest.Word word : detector.words()) {
        words
            .addObject()
            .put("label", word.label())
            .put("wakeClass", word.wakeClass())
            .put("thresholdScore", word.thresholdScore())
            .put("smoothingFrames", word.smoothingFrames())
            .put("refractoryMillis", word.refractoryMillis());
      }
    }
    return OciJson.bytes(json);
  }

  private static Blob file(String mediaType, ReleaseFile file, ReleaseContent files) {
    return Blob.of(mediaType, file.fileName(), files.of(file));
  }

  private static byte[] config(ReleaseManifest release, ModelSummary model, List<Blob> layers) {
    ModelView view = ModelView.of(model);
    ObjectNode config = OciJson.object();
    config
        .putObject("descriptor")
        .put("family", release.release().name())
        .put("name", release.release().name())
        .put("version", release.release().version())
        .put("description", release.description());
    ObjectNode technical =
        config
            .putObject("config")
            .put("architecture", architecture(model))
            .put("format", view.format())
            .put("paramSize", paramSize(model.parameters()))
            .put("precision", view.precision())
            .put("quantization", view.precision() + " " + view.quantization());
    ObjectNode capabilities = technical.putObject("capabilities");
    capabilities.putArray("inputTypes").add("audio");
    capabilities.putArray("outputTypes").add("other");
    ObjectNode layered = config.putObject("modelfs").put("type", "layers");
    ArrayNode digests = layered.putArray("diffIds");
    // Raw layers are not packed, so their digests are those of their content.
    layers.forEach(layer -> digests.add(layer.digest().toString()));
    return OciJson.bytes(config);
  }

  private static String architecture(ModelSummary model) {
    return model.steps().stream().anyMatch(step -> step.kind().contains("CONV_2D")) ? "cnn" : "mlp";
  }

  /** As ModelPack writes it: one digit behind the point and a scale, such as {@code 10.9K}. */
  static String paramSize(long parameters) {
    if (parameters < 1000) {
      return String.format(Locale.ROOT, "%.1fK", Math.max(0.1, parameters / 1e3));
    }
    return parameters < 999_950
        ? String.format(Locale.ROOT, "%.1fK", parameters / 1e3)
        : String.format(Locale.ROOT, "%.1fM", parameters / 1e6);
  }

  private static Referrer referrer(
      byte[] subject, String artifactType, Blob content, Map<String, String> annotations) {
    ObjectNode manifest = OciJson.manifest(artifactType, EMPTY, List.of(content));
    manifest.set(
        "subject", OciJson.descriptor(MediaTypes.OCI_MANIFEST, Digest.of(subject), subject.length));
    if (!annotations.isEmpty()) {
      OciJson.annotate(manifest, annotations);
    }
    return new Referrer(artifactType, EMPTY, content, ByteString.copyFrom(OciJson.bytes(manifest)));
  }
}
