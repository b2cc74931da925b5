package dev.earshot.registry.client;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.earshot.ndp.NdpModel;
import dev.earshot.ndp.graph.ModelFormatException;
import dev.earshot.protocol.Digest;
import dev.earshot.protocol.release.Evaluation;
import dev.earshot.protocol.release.ReleaseManifest;
import dev.earshot.protocol.release.SignedManifest;
import dev.earshot.protocol.trust.SigningKey;
import dev.earshot.protocol.v1.SelfTest;
import dev.earshot.registry.modelpack.ReleaseArtifact;
import dev.earshot.registry.release.EvaluationReader;
import dev.earshot.registry.release.ReleaseCard;
import dev.earshot.registry.release.ReleaseContent;
import dev.earshot.registry.release.ReleaseDetails;
import dev.earshot.registry.release.ReleaseFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * A release on its publisher's disk: {@code model.tflite}, {@code card.yaml}, {@code
 * evaluation.json} and {@code self-test.pb}, read once and checked against one another. Whether the
 * model runs is for the registry to find out.
 */
public final class ReleaseFolder {
  private static final int LONGEST_FILE = 16 << 20;

  private final ReleaseCard card;
  private final Evaluation evaluation;
  private final ReleaseContent files;

  private ReleaseFolder(ReleaseCard card, Evaluation evaluation, ReleaseContent files) {
    this.card = card;
    this.evaluation = evaluation;
    this.files = files;
  }

  /**
   * Reads a folder.
   *
   * @throws IllegalArgumentException naming the file, and the field where there is one
   */
  public static ReleaseFolder read(Path folder) {
    ReleaseContent files = readAll(folder);
    ReleaseCard card =
        in(
            folder.resolve(ReleaseFile.CARD.fileName()),
            () -> ReleaseCard.parse(files.of(ReleaseFile.CARD)));
    Evaluation evaluation =
        in(folder.resolve(ReleaseFile.EVALUATION.fileName()), () -> evaluation(card, files));
    in(
        folder.resolve(ReleaseFile.SELF_TEST.fileName()),
        () -> selfTest(files.of(ReleaseFile.SELF_TEST)));
    return new ReleaseFolder(card, evaluation, files);
  }

  public ReleaseCard card() {
    return card;
  }

  public Evaluation evaluation() {
    return evaluation;
  }

  /**
   * The release as an OCI artifact.
   *
   * @param signer a publisher's key, which signs the provenance
   * @throws IllegalArgumentException when the engine can't read the model
   */
  public ReleaseArtifact artifact(SignedManifest signed, SigningKey signer) {
    return ReleaseArtifact.of(signed, files, details(), signer);
  }

  /**
   * What the files say.
   *
   * @throws IllegalArgumentException when the engine can't read the model
   */
  public ReleaseDetails details() {
    try {
      return new ReleaseDetails(
          card, evaluation, NdpModel.parse(files.of(ReleaseFile.MODEL)).summary());
    } catch (ModelFormatException e) {
      throw new IllegalArgumentException(ReleaseFile.MODEL.fileName() + ": " + e.getMessage(), e);
    }
  }

  /** The content of a file; a fresh copy. */
  public byte[] content(ReleaseFile file) {
    return files.of(file).clone();
  }

  /**
   * What is to be signed.
   *
   * @param expires after this instant, by the fleet's clock, devices no longer install it
   */
  public ReleaseManifest manifest(Instant expires) {
    return new ReleaseManifest(
        card.release(),
        card.counter(),
        expires,
        card.chips(),
        card.description(),
        target(ReleaseFile.MODEL),
        target(ReleaseFile.SELF_TEST),
        target(ReleaseFile.EVALUATION),
        target(ReleaseFile.CARD),
        card.detector(),
        card.frontEnd());
  }

  /** {@link #manifest}, signed. The same folder, instant and key always give the same bytes. */
  public SignedManifest sign(SigningKey key, Instant expires) {
    return SignedManifest.sign(manifest(expires), List.of(key));
  }

  private ReleaseManifest.Target target(ReleaseFile file) {
    return ReleaseManifest.Target.of(files.of(file));
  }

  private static ReleaseContent readAll(Path folder) {
    Map<ReleaseFile, byte[]> files = new EnumMap<>(ReleaseFile.class);
    for (ReleaseFile file : ReleaseFile.values()) {
      files.put(file, readFile(folder.resolve(file.fileName())));
    }
    return new ReleaseContent(files);
  }

  private static byte[] readFile(Path path) {
    try {
      if (!Files.isRegularFile(path)) {
        throw new IllegalArgumentException(path + ": not there (expected: a file of the release)");
      }
      long length = Files.size(path);
      if (length < 1 || length > LONGEST_FILE) {
        throw new IllegalArgumentException(
            path + ": " + length + " bytes (expected: 1 to " + LONGEST_FILE + ")");
      }
      return Files.readAllBytes(path);
    } catch (IOException e) {
      throw new IllegalArgumentException(path + ": can't be read: " + e.getMessage(), e);
    }
  }

  private static Evaluation evaluation(ReleaseCard card, ReleaseContent files) {
    Evaluation evaluation = EvaluationReader.parse(files.of(ReleaseFile.EVALUATION));
    require("release", evaluation.release(), card.release().toString(), "as in card.yaml");
    require(
        "modelDigest",
        evaluation.modelDigest(),
        Digest.of(files.of(ReleaseFile.MODEL)).toString(),
        "that of model.tflite");
    require(
        "thresholdScore",
        evaluation.thresholdScore(),
        card.detector().thresholdScore(),
        "as in card.yaml");
    return evaluation;
  }

  private static void require(String field, Object actual, Object expected, String why) {
    if (!actual.equals(expected)) {
      throw new IllegalArgumentException(
          field + ": " + actual + " (expected: " + expected + ", " + why + ")");
    }
  }

  private static SelfTest selfTest(byte[] bytes) {
    try {
      SelfTest selfTest = SelfTest.parseFrom(bytes);
      if (selfTest.getVectorsCount() < 1) {
        throw new IllegalArgumentException("vectors: none (expected: 1 to 16)");
      }
      return selfTest;
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalArgumentException("not a SelfTest message: " + e.getMessage(), e);
    }
  }

  private static <T> T in(Path file, Supplier<T> parser) {
    try {
      return parser.get();
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
    }
  }
}
