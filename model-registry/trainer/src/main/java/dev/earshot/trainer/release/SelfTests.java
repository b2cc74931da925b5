package dev.earshot.trainer.release;

import com.google.protobuf.ByteString;
import dev.earshot.ndp.Inference;
import dev.earshot.ndp.NdpModel;
import dev.earshot.protocol.v1.SelfTest;
import dev.earshot.trainer.scene.WindowSet;

/** The vectors by which a device proves that a model runs on it as it ran here. */
final class SelfTests {
  private SelfTests() {}

  /** Three wakes, three windows of talk, two of silence, spread over the set. */
  static SelfTest of(NdpModel model, WindowSet windows) {
    Inference inference = model.newInference();
    SelfTest.Builder test = SelfTest.newBuilder();
    add(test, inference, windows, WindowSet.Label.WAKE, 3);
    add(test, inference, windows, WindowSet.Label.UNKNOWN, 3);
    add(test, inference, windows, WindowSet.Label.SILENCE, 2);
    return test.build();
  }

  private static void add(
      SelfTest.Builder test,
      Inference inference,
      WindowSet windows,
      WindowSet.Label label,
      int count) {
    int[] candidates = windows.of(label);
    for (int i = 0; i < count; i++) {
      byte[] input =
          windows.features(candidates[(int) ((2L * i + 1) * candidates.length / (2L * count))]);
      test.addVectors(
          SelfTest.Vector.newBuilder()
              .setInput(ByteString.copyFrom(input))
              .setOutput(ByteString.copyFrom(inference.run(input))));
    }
  }
}
