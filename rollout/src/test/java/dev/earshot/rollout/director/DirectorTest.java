package dev.earshot.rollout.director;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import dev.earshot.protocol.DeviceId;
import dev.earshot.protocol.Digest;
import dev.earshot.protocol.trust.LocalTrust;
import dev.earshot.protocol.trust.Order;
import dev.earshot.protocol.trust.TrustException;
import dev.earshot.protocol.trust.TrustedDirector;
import dev.earshot.protocol.v1.Cancel;
import dev.earshot.protocol.v1.DeviceCommand;
import dev.earshot.protocol.v1.Install;
import dev.earshot.protocol.v1.ModelRelease;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class DirectorTest {
  private static final Instant NOW = Instant.parse("2026-01-05T12:00:00.500Z");
  private static final Instant ISSUED = Instant.parse("2026-01-05T12:00:00Z");
  private static final DeviceId DEVICE = DeviceId.parse("home/kitchen-1");
  private static final byte[] MANIFEST = "manifest".getBytes(StandardCharsets.UTF_8);
  private static final LocalTrust TRUST =
      LocalTrust.ofSeed("director", NOW.plus(Duration.ofDays(365)));
  private static final ModelRelease RELEASE =
      ModelRelease.newBuilder()
          .setName("hey-nova")
          .setVersion("1.1.0")
          .setManifest(ByteString.copyFrom(MANIFEST))
          .setManifestDigest(ByteString.copyFrom(Digest.of(MANIFEST).bytes()))
          .build();
  private static final DeviceCommand INSTALL =
      DeviceCommand.newBuilder()
          .setCommandId("r-1.i1.abc")
          .setRollout("r-1")
          .setInstall(Install.newBuilder().setRelease("hey-nova:1.1.0").setTrialSeconds(1800))
          .build();

  private final Director director = Director.of(TRUST.director());

  @Test
  void order_saysWhatTheCommandSaysAndIsBelievedByThatDeviceOnly() throws TrustException {
    byte[] envelope = sign(INSTALL, 7);
    Order order = device().order(envelope, DEVICE, NOW);
    assertEquals(
        new Order(
            7,
            ISSUED.plus(Duration.ofDays(7)),
            DEVICE,
            "r-1.i1.abc",
            "r-1",
            Order.Action.INSTALL,
            Optional.of(
                new Order.Target(
                    "hey-nova/1.1.0/manifest.json", MANIFEST.length, Digest.of(MANIFEST))),
            1800,
            ISSUED),
        order);
    assertTrue(envelope.length <= Order.LONGEST, envelope.length + " bytes");
    TrustException other =
        assertThrows(
            TrustException.class,
            () -> device().order(envelope, DeviceId.parse("home/kitchen-2"), NOW));
    assertEquals(TrustException.Reason.NOT_FOR_THIS, other.reason());
  }

  @Test
  void order_endsWithItsCommandWhenThatIsEarlier() throws TrustException {
    Instant end = NOW.plus(Duration.ofHours(12));
    DeviceCommand command = INSTALL.toBuilder().setExpiresAtMs(end.toEpochMilli()).build();
    assertEquals(
        ISSUED.plus(Duration.ofHours(12)), device().order(sign(command, 1), DEVICE, NOW).expires());
    DeviceCommand lasting =
        INSTALL.toBuilder().setExpiresAtMs(NOW.plus(Duration.ofDays(30)).toEpochMilli()).build();
    assertEquals(
        ISSUED.plus(Duration.ofDays(7)), device().order(sign(lasting, 1), DEVICE, NOW).expires());
  }

  @Test
  void cancellation_namesNoTarget() throws TrustException {
    DeviceCommand cancel =
        INSTALL.toBuilder().setCancel(Cancel.newBuilder().setReason("why")).build();
    DeviceCommand signed = director.sign(cancel, DEVICE, Optional.empty(), 3, NOW);
    Order order = device().order(signed.getDirector().toByteArray(), DEVICE, NOW);
    assertEquals(Order.Action.CANCEL, order.action());
    assertEquals(Optional.empty(), order.target());
  }

  @Test
  void signature_isTheSameEveryTimeAndAnotherForEveryVersion() {
    assertEquals(ByteString.copyFrom(sign(INSTALL, 7)), ByteString.copyFrom(sign(INSTALL, 7)));
    assertFalse(
        ByteString.copyFrom(sign(INSTALL, 7)).equals(ByteString.copyFrom(sign(INSTALL, 8))));
  }

  @Test
  void version_growsAndNeverFallsBehindTheClock() {
    long seconds = NOW.getEpochSecond();
    assertEquals(seconds, Director.nextVersion(0, NOW), "a record that was lost");
    assertEquals(seconds + 1, Director.nextVersion(seconds, NOW), "twice in a second");
    assertEquals(seconds + 9, Director.nextVersion(seconds + 8, NOW), "a clock that was set back");
    assertEquals(1, Director.nextVersion(0, Instant.EPOCH));
  }

  @Test
  void commandWithoutAction_isRefused() {
    DeviceCommand nothing = INSTALL.toBuilder().clearAction().build();
    IllegalArgumentException refused =
        assertThrows(
            IllegalArgumentException.class,
            () -> director.sign(nothing, DEVICE, Optional.empty(), 1, NOW));
    assertEquals("command: no action (expected: one)", refused.getMessage());
  }

  private byte[] sign(DeviceCommand command, long version) {
    return director
        .sign(command, DEVICE, Optional.of(Director.target(RELEASE)), version, NOW)
        .getDirector()
        .toByteArray();
  }

  private static TrustedDirector device() {
    try {
      return TrustedDirector.pinned(TRUST.firstDirectorRoot().bytes());
    } catch (TrustException e) {
      throw new AssertionError(e);
    }
  }
}
