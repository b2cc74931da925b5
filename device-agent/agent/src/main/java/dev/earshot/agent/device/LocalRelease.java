package dev.earshot.agent.device;

import com.google.protobuf.ByteString;
import dev.earshot.agent.FactoryImage;
import dev.earshot.ndp.NdpModel;
import dev.earshot.ndp.graph.ModelFormatException;
import dev.earshot.protocol.release.ReleaseManifest;
import dev.earshot.protocol.release.ReleaseManifest.Target;
import dev.earshot.protocol.release.ReleaseRef;
import dev.earshot.protocol.release.SignedManifest;
import dev.earshot.protocol.v1.SelfTest;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;

/**
 * Makes the factory image of a device from a model file: nobody signed it, its owner put it there.
 */
final class LocalRelease {
  private LocalRelease() {}

  static FactoryImage image(byte[] model, Card card) throws ModelFormatException {
    byte[] selfTest = selfTest(NdpModel.parse(model));
    Target none = Target.of("{}".getBytes(StandardCharsets.UTF_8));
    ReleaseManifest manifest =
        new ReleaseManifest(
            new ReleaseRef(card.name(), card.version()),
            card.counter(),
            Instant.parse("9999-01-01T00:00:00Z"),
            card.chips(),
            card.description(),
            Target.of(model),
            Target.of(selfTest),
            none,
            none,
            card.detector(),
            card.frontEnd());
    byte[] envelope = SignedManifest.sign(manifest, List.of()).bytes().toArray();
    return new FactoryImage(envelope, selfTest, model);
  }

  /**
   * What this engine answers to silence: all that can be said about a model that nobody published.
   */
  private static byte[] selfTest(NdpModel model) {
    byte[] silence = new byte[model.inputElements()];
    byte[] output = model.newInference().run(silence);
    return SelfTest.newBuilder()
        .addVectors(
            SelfTest.Vector.newBuilder()
                .setInput(ByteString.copyFrom(silence))
                .setOutput(ByteString.copyFrom(output)))
        .build()
        .toByteArray();
  }
}
