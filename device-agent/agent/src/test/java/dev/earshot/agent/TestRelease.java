package dev.earshot.agent;

import com.google.protobuf.ByteString;
import dev.earshot.protocol.release.ReleaseManifest;
import dev.earshot.protocol.release.ReleaseManifest.Detector;
import dev.earshot.protocol.release.ReleaseManifest.Target;
import dev.earshot.protocol.release.ReleaseRef;
import dev.earshot.protocol.release.SignedManifest;
import dev.earshot.protocol.trust.LocalTrust;
import dev.earshot.protocol.trust.SigningKey;
import dev.earshot.protocol.v1.SelfTest;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;

/** A small signed release whose bytes are made up, for tests in which no engine runs. */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
record TestRelease(SignedManifest signed, byte[] selfTest, byte[] model) {
  static final SigningKey PUBLISHER = SigningKey.generate();

  /** Whom the devices of tests believe. */
  static final LocalTrust TRUST =
      LocalTrust.of(
          role -> role.equals(LocalTrust.PUBLISHER) ? PUBLISHER : SigningKey.generate(),
          Instant.parse("2040-01-01T00:00:00Z"));

  static final int MODEL_BYTES = 10_000;

  static TestRelease of(String release, int counter) {
    return of(release, counter, "ndp120", Instant.parse("2030-01-01T00:00:00Z"), PUBLISHER);
  }

  static TestRelease of(String release, int counter, String chip, Instant expires, SigningKey key) {
    byte[] model = new byte[MODEL_BYTES];
    for (int i = 0; i < model.length; i++) {
      model[i] = (byte) (i * 31 + release.hashCode());
    }
    byte[] selfTest =
        SelfTest.newBuilder()
            .addVectors(
                SelfTest.Vector.newBuilder()
                    .setInput(ByteString.copyFromUtf8(release))
                    .setOutput(ByteString.copyFromUtf8("out")))
            .build()
            .toByteArray();
    Target none = Target.of("{}".getBytes(StandardCharsets.UTF_8));
    ReleaseManifest manifest =
        new ReleaseManifest(
            ReleaseRef.parse(release),
            counter,
            expires,
            List.of(chip),
            "made up",
            Target.of(model),
            Target.of(selfTest),
            none,
            none,
            new Detector(0, 100, 1, 1000),
            "streaming-wake-word");
    return new TestRelease(SignedManifest.sign(manifest, List.of(key)), selfTest, model);
  }

  /** The same model and vectors with another detector. */
  TestRelease retuned(String release, int counter, int thresholdScore) {
    ReleaseManifest manifest = signed.manifest();
    ReleaseManifest next =
        new ReleaseManifest(
            ReleaseRef.parse(release),
            counter,
            manifest.expires(),
            manifest.chips(),
            "made up, retuned",
            manifest.model(),
            manifest.selfTest(),
            manifest.evaluation(),
            manifest.card(),
            new Detector(0, thresholdScore, 1, 1000),
            manifest.frontEnd());
    return new TestRelease(SignedManifest.sign(next, List.of(PUBLISHER)), selfTest, model);
  }

  String name() {
    return signed.manifest().release().toString();
  }

  byte[] envelope() {
    return signed.bytes().toArray();
  }

  FactoryImage factoryImage() {
    return new FactoryImage(envelope(), selfTest, model);
  }
}
