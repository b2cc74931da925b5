package dev.earshot.registry;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.ByteString;
import dev.earshot.ndp.ModelSummary;
import dev.earshot.ndp.NdpModel;
import dev.earshot.ndp.chip.ChipProfile;
import dev.earshot.ndp.chip.EnergyModel;
import dev.earshot.ndp.chip.Workload;
import dev.earshot.protocol.Digest;
import dev.earshot.protocol.release.Evaluation;
import dev.earshot.protocol.release.ReleaseManifest;
import dev.earshot.protocol.release.ReleaseRef;
import dev.earshot.protocol.release.SignedManifest;
import dev.earshot.protocol.trust.SigningKey;
import dev.earshot.protocol.v1.SelfTest;
import dev.earshot.registry.release.ReleaseContent;
import dev.earshot.registry.release.ReleaseFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** A complete release with a real, tiny model. Every part can be replaced by a wrong one. */
public record TestRelease(ReleaseRef ref, int counter, List<String> chips, ReleaseContent files) {
  /** Trusted by the registries of the tests. */
  public static final SigningKey KEY = SigningKey.generate();

  /** What the tests' clocks show. */
  public static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  public static final Instant EXPIRES = Instant.parse("2030-01-01T00:00:00Z");
  private static final ReleaseManifest.Detector DETECTOR =
      new ReleaseManifest.Detector(0, 100, 3, 1000);
  private static final ObjectMapper JSON = new ObjectMapper();

  /** A good one. */
  public static TestRelease of(String ref, int counter) throws IOException {
    return of(ReleaseRef.parse(ref), counter, List.of("ndp120"), TinyModel.small(counter));
  }

  /** One that has all parts right, except perhaps that its model does not fit. */
  public static TestRelease of(ReleaseRef ref, int counter, List<String> chips, byte[] model)
      throws IOException {
    return of(ref, counter, chips, model, "null");
  }

  /**
   * @param parent {@code name:version}, or {@code null} for none
   */
  public static TestRelease of(
      ReleaseRef ref, int counter, List<String> chips, byte[] model, String parent)
      throws IOException {
    Map<ReleaseFile, byte[]> files = new EnumMap<>(ReleaseFile.class);
    files.put(ReleaseFile.MODEL, model);
    files.put(ReleaseFile.SELF_TEST, selfTest(model).toByteArray());
    files.put(ReleaseFile.EVALUATION, evaluation(ref, model));
    files.put(ReleaseFile.CARD, card(ref, counter, chips, parent).getBytes(StandardCharsets.UTF_8));
    return new TestRelease(ref, counter, chips, new ReleaseContent(files));
  }

  /** The same with one file replaced. */
  public TestRelease with(ReleaseFile file, byte[] content) {
    Map<ReleaseFile, byte[]> changed = new EnumMap<>(ReleaseFile.class);
    for (ReleaseFile each : ReleaseFile.values()) {
      changed.put(each, each == file ? content : files.of(each));
    }
    return new TestRelease(ref, counter, chips, new ReleaseContent(changed));
  }

  public ReleaseManifest manifest() {
    return manifest(EXPIRES, DETECTOR, "streaming-wake-word");
  }

  public ReleaseManifest manifest(
      Instant expires, ReleaseManifest.Detector detector, String frontEnd) {
    return new ReleaseManifest(
        ref,
        counter,
        expires,
        chips,
        "for tests",
        ReleaseManifest.Target.of(files.of(ReleaseFile.MODEL)),
        ReleaseManifest.Target.of(files.of(ReleaseFile.SELF_TEST)),
        ReleaseManifest.Target.of(files.of(ReleaseFile.EVALUATION)),
        ReleaseManifest.Target.of(files.of(ReleaseFile.CARD)),
        detector,
        frontEnd);
  }

  public SignedManifest signed() {
    return SignedManifest.sign(manifest(), List.of(KEY));
  }

  /** Writes the four files. */
  public Path write(Path folder) throws IOException {
    Files.createDirectories(folder);
    for (ReleaseFile file : ReleaseFile.values()) {
      Files.write(folder.resolve(file.fileName()), files.of(file));
    }
    return folder;
  }

  /** Random windows: at least one that wakes, and one that does not. */
  public static SelfTest selfTest(byte[] model) throws IOException {
    NdpModel parsed = NdpModel.parse(model);
    SelfTest.Builder selfTest = SelfTest.newBuilder();
    Random random = new Random(7);
    boolean wakes = false;
    boolean sleeps = false;
    while (!wakes || !sleeps) {
      byte[] input = new byte[parsed.inputElements()];
      random.nextBytes(input);
      byte[] output = parsed.newInference().run(input);
      boolean wake = output[DETECTOR.wakeClass()] > DETECTOR.thresholdScore();
      if (wake ? !wakes : !sleeps) {
        selfTest
            .addVectorsBuilder()
            .setInput(ByteString.copyFrom(input))
            .setOutput(ByteString.copyFrom(output));
      }
      wakes |= wake;
      sleeps |= !wake;
    }
    return selfTest.build();
  }

  /** What was measured: 2 false accepts in 4 hours in the kitchen, 10 of 200 missed. */
  public static byte[] evaluation(ReleaseRef ref, byte[] model) throws IOException {
    return JSON.writeValueAsBytes(measured(ref, model, 2, 10));
  }

  /** The same with other counts, in the kitchen and, all of them good, in the car. */
  public static Evaluation measured(ReleaseRef ref, byte[] model, int falseAccepts, int missedWakes)
      throws IOException {
    ModelSummary summary = NdpModel.parse(model).summary();
    EnergyModel energy = EnergyModel.of(ChipProfile.NDP120);
    return new Evaluation(
        ref.toString(),
        Digest.of(model).toString(),
        "random numbers",
        DETECTOR.thresholdScore(),
        energy.inferenceMicrojoules(Workload.of(summary)).value(),
        energy.inferenceMillis(Workload.of(summary)).value() * 1000,
        summary.macs(),
        summary.parameters(),
        summary.weightBytes() + summary.arenaBytes(),
        List.of(environment("kitchen", falseAccepts, missedWakes), environment("car", 0, 0)));
  }

  private static Evaluation.EnvironmentResult environment(
      String label, int falseAccepts, int missedWakes) {
    List<Long> scores = new ArrayList<>(Collections.nCopies(Evaluation.SCORE_BUCKETS, 6L));
    scores.set(0, 200L - 31 * 6);
    double hours = 4;
    return new Evaluation.EnvironmentResult(
        label,
        hours,
        falseAccepts,
        200,
        missedWakes,
        List.of(
            new Evaluation.DetPoint(-128, 100, 0),
            new Evaluation.DetPoint(100, falseAccepts / hours, missedWakes / 200.0),
            new Evaluation.DetPoint(120, 0, 1)),
        scores,
        scores);
  }

  private static String card(ReleaseRef ref, int counter, List<String> chips, String parent) {
    return """
        name: %s
        version: %s
        counter: %d
        description: for tests
        chips: %s
        detector: {wakeClass: 0, thresholdScore: 100, smoothingFrames: 3, refractoryMillis: 1000}
        frontEnd: streaming-wake-word
        lineage: {recipe: 'sha256:%s', seed: 1, data: 'sha256:%s', parent: %s}
        """
        .formatted(
            ref.name(), ref.version(), counter, chips, "0".repeat(64), "1".repeat(64), parent);
  }
}
