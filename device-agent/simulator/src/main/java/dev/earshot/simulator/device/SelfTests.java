package dev.earshot.simulator.device;

import com.google.protobuf.ByteString;
import dev.earshot.agent.port.Listening.SelfTestResult;
import dev.earshot.ndp.Inference;
import dev.earshot.ndp.NdpModel;
import dev.earshot.ndp.chip.ChipProfile;
import dev.earshot.ndp.chip.Fit;
import dev.earshot.ndp.graph.ModelFormatException;
import dev.earshot.protocol.Digest;
import dev.earshot.protocol.release.ReleaseManifest;
import dev.earshot.protocol.v1.SelfTest;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Runs self-tests on the engine, really, but once for each model, vectors and chip: the engine is
 * deterministic, so the verdict depends on nothing but those bytes, which the agent has checked
 * against the manifest's digests just before. Safe for use by many threads.
 */
public final class SelfTests {
  private final ConcurrentMap<Case, SelfTestResult> verdicts = new ConcurrentHashMap<>();

  private record Case(Digest model, Digest vectors, String chip) {}

  /** What the vectors say about the model, on a chip that the engine knows. */
  public SelfTestResult run(ReleaseManifest manifest, byte[] model, SelfTest vectors, String chip) {
    Case one = new Case(manifest.model().digest(), manifest.selfTest().digest(), chip);
    return verdicts.computeIfAbsent(one, key -> test(model, vectors, chip));
  }

  private static SelfTestResult test(byte[] tflite, SelfTest vectors, String chip) {
    NdpModel model;
    try {
      model = NdpModel.parse(tflite);
    } catch (ModelFormatException e) {
      return new SelfTestResult.Unsupported("the engine can't run this model: " + e.getMessage());
    }
    if (Fit.of(model, ChipProfile.byId(chip).orElseThrow()) instanceof Fit.Exceeds exceeds) {
      return new SelfTestResult.Unsupported(
          "does not fit " + chip + ": " + String.join("; ", exceeds.reasons()));
    }
    return compare(model, vectors);
  }

  private static SelfTestResult compare(NdpModel model, SelfTest vectors) {
    if (vectors.getVectorsCount() == 0) {
      return new SelfTestResult.Failed("no vectors (expected: 1 to 16)");
    }
    Inference inference = model.newInference();
    List<SelfTest.Vector> all = vectors.getVectorsList();
    for (int i = 0; i < all.size(); i++) {
      ByteString input = all.get(i).getInput();
      if (input.size() != model.inputElements()) {
        return new SelfTestResult.Failed(
            "vector "
                + i
                + " has "
                + input.size()
                + " values, the model takes "
                + model.inputElements());
      }
      if (!Arrays.equals(
          inference.run(input.toByteArray()), all.get(i).getOutput().toByteArray())) {
        return new SelfTestResult.Failed(
            "vector " + i + " gives another output than the publisher's");
      }
    }
    return new SelfTestResult.Passed();
  }
}
