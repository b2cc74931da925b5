package dev.earshot.registry.release;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.earshot.ndp.Inference;
import dev.earshot.ndp.ModelSummary;
import dev.earshot.ndp.NdpModel;
import dev.earshot.ndp.WakeWordEngine;
import dev.earshot.ndp.chip.ChipProfile;
import dev.earshot.ndp.chip.Fit;
import dev.earshot.ndp.detector.DetectorParameters;
import dev.earshot.ndp.detector.PosteriorParameters;
import dev.earshot.ndp.frontend.NamedFrontEnd;
import dev.earshot.ndp.graph.ModelFormatException;
import dev.earshot.protocol.problem.Problem;
import dev.earshot.protocol.release.ReleaseManifest;
import dev.earshot.protocol.v1.SelfTest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Proof by the engine that a model runs: it reads, fits every declared chip, takes what the front
 * end gives, and reproduces the self-test bit by bit. Stateless.
 */
final class ModelProof {
  private static final int MOST_VECTORS = 16;

  /** Returns what the engine says about the model, when all of it holds. */
  ModelSummary require(ReleaseManifest manifest, byte[] tflite, byte[] selfTest)
      throws RefusedException {
    NdpModel model = parse(tflite);
    requireFits(manifest, model);
    requireDetector(manifest, model);
    requireSelfTest(manifest.detector(), model, selfTest);
    return model.summary();
  }

  private static NdpModel parse(byte[] tflite) throws RefusedException {
    try {
      return NdpModel.parse(tflite);
    } catch (ModelFormatException e) {
      throw new RefusedException(
          RefusalReason.UNREADABLE_MODEL,
          ReleaseFile.MODEL.fileName(),
          "the engine can't read model.tflite: " + e.getMessage());
    }
  }

  private static void requireFits(ReleaseManifest manifest, NdpModel model)
      throws RefusedException {
    List<Problem.FieldError> errors = new ArrayList<>();
    List<String> misfits = new ArrayList<>();
    for (int i = 0; i < manifest.chips().size(); i++) {
      String chip = manifest.chips().get(i);
      String why = misfit(chip, model);
      if (!why.isEmpty()) {
        misfits.add(chip + ": " + why);
        errors.add(new Problem.FieldError("custom.chips[" + i + "]", chip + ": " + why));
      }
    }
    if (!errors.isEmpty()) {
      int all = manifest.chips().size();
      throw new RefusedException(
          new Refusal(
              RefusalReason.DOES_NOT_FIT,
              "%d of %d chips can run this: %s"
                  .formatted(all - errors.size(), all, String.join("; ", misfits)),
              errors));
    }
  }

  /** Why that chip can't run it; empty when it can. */
  private static String misfit(String chip, NdpModel model) {
    return ChipProfile.byId(chip)
        .map(
            profile ->
                switch (Fit.of(model, profile)) {
                  case Fit.Fits ignored -> "";
                  case Fit.Exceeds exceeds -> String.join(", ", exceeds.reasons());
                })
        .orElseGet(
            () ->
                "unknown chip (expected: one of "
                    + String.join(", ", ChipProfile.all().stream().map(ChipProfile::id).toList())
                    + ")");
  }

  /** The engine itself decides whether front end, model and detector belong together. */
  private static void requireDetector(ReleaseManifest manifest, NdpModel model)
      throws RefusedException {
    NamedFrontEnd frontEnd =
        NamedFrontEnd.find(manifest.frontEnd())
            .orElseThrow(
                () ->
                    new RefusedException(
                        RefusalReason.WRONG_DETECTOR,
                        "custom.front_end",
                        "front_end: '%s' (expected: one of %s)"
                            .formatted(manifest.frontEnd(), NamedFrontEnd.labels())));
    try {
      PosteriorParameters posteriors = posteriors(manifest.detector());
      WakeWordEngine engine = new WakeWordEngine(model, frontEnd.parameters(), posteriors);
      engine.reset();
      // Releases of one word are older than this rule, and many have silence apart from speech.
      if (posteriors.words().size() > 1 && manifest.chips().contains(ChipProfile.NDP101.id())) {
        posteriors.requireOneNegativeClassLast(model.outputElements());
      }
    } catch (IllegalArgumentException e) {
      throw new RefusedException(
          RefusalReason.WRONG_DETECTOR, "custom.detector", String.valueOf(e.getMessage()));
    }
  }

  /** The words of a release as the engine takes them. */
  private static PosteriorParameters posteriors(ReleaseManifest.Detector detector) {
    PosteriorParameters posteriors =
        PosteriorParameters.of(
            new DetectorParameters(
                detector.wakeClass(),
                detector.thresholdScore(),
                detector.smoothingFrames(),
                detector.refractoryMillis()));
    for (ReleaseManifest.Word word : detector.words()) {
      posteriors =
          posteriors.and(
              word.label(),
              new DetectorParameters(
                  word.wakeClass(),
                  word.thresholdScore(),
                  word.smoothingFrames(),
                  word.refractoryMillis()));
    }
    return posteriors;
  }

  /**
   * Held, a window that scores above the threshold wakes, however many are averaged. A self-test
   * without one would pass on a device that can't wake at all, and one with nothing else on a
   * device that always does. Further words need no vector: outputs are compared bit by bit.
   */
  private static void requireSelfTest(
      ReleaseManifest.Detector detector, NdpModel model, byte[] bytes) throws RefusedException {
    SelfTest selfTest = parseSelfTest(bytes);
    int count = selfTest.getVectorsCount();
    if (count < 1 || count > MOST_VECTORS) {
      throw selfTest("vectors: " + count + " (expected: 1 to " + MOST_VECTORS + ")");
    }
    Inference inference = model.newInference();
    int wakes = 0;
    for (int i = 0; i < count; i++) {
      byte[] input = selfTest.getVectors(i).getInput().toByteArray();
      byte[] expected = selfTest.getVectors(i).getOutput().toByteArray();
      String vector = "vectors[" + i + "]";
      if (input.length != model.inputElements()) {
        throw selfTest(
            "%s.input: %d values (expected: %d, the model's input)"
                .formatted(vector, input.length, model.inputElements()));
      }
      byte[] actual = inference.run(input);
      if (!Arrays.equals(actual, expected)) {
        throw selfTest(
            "%s: the engine gives %s (expected by the self-test: %s)"
                .formatted(vector, Arrays.toString(actual), Arrays.toString(expected)));
      }
      wakes += actual[detector.wakeClass()] > detector.thresholdScore() ? 1 : 0;
    }
    if (wakes == 0 || wakes == count) {
      throw selfTest(
          "%d of %d vectors score above the threshold, %d (expected: at least one that does, and one that does not)"
              .formatted(wakes, count, detector.thresholdScore()));
    }
  }

  private static SelfTest parseSelfTest(byte[] bytes) throws RefusedException {
    try {
      SelfTest selfTest = SelfTest.parseFrom(bytes);
      if (!selfTest.getUnknownFields().asMap().isEmpty()
          || selfTest.getVectorsList().stream()
              .anyMatch(vector -> !vector.getUnknownFields().asMap().isEmpty())) {
        throw selfTest("unknown fields (expected: vectors of input and output only)");
      }
      return selfTest;
    } catch (InvalidProtocolBufferException e) {
      throw selfTest("not a SelfTest message: " + e.getMessage());
    }
  }

  private static RefusedException selfTest(String what) {
    return new RefusedException(
        RefusalReason.SELF_TEST_FAILED,
        ReleaseFile.SELF_TEST.fileName(),
        ReleaseFile.SELF_TEST.fileName() + ": " + what);
  }
}
