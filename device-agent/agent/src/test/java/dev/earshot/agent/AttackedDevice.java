package dev.earshot.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import dev.earshot.agent.update.UpdateState;
import dev.earshot.protocol.trust.Envelope;
import dev.earshot.protocol.trust.LocalTrust;
import dev.earshot.protocol.trust.Metadata;
import dev.earshot.protocol.trust.Order;
import dev.earshot.protocol.trust.RoleKeys;
import dev.earshot.protocol.trust.Root;
import dev.earshot.protocol.trust.SigningKey;
import dev.earshot.protocol.trust.TrustException;
import dev.earshot.protocol.v1.DeviceCommand;
import dev.earshot.protocol.v1.UpdateReport;
import dev.earshot.protocol.v1.UpdateResult;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * A device whose registry and gateway belong to an attacker, and what must hold whatever he does.
 */
final class AttackedDevice {
  static final LocalTrust TRUST = TestRelease.TRUST;
  static final SigningKey THIEF = SigningKey.generate();
  static final TestRelease OLD = TestRelease.of("hey-nova:1.0.0", 1);
  static final TestRelease NEW = TestRelease.of("hey-nova:1.1.0", 2);
  static final TestRelease NEWER = TestRelease.of("hey-nova:1.2.0", 3);

  final TestDevice device;
  final TestRegistry registry;

  AttackedDevice() {
    this(newDevice());
  }

  AttackedDevice(TestDevice device) {
    this.device = device;
    this.registry = device.registry;
    registry.publish(OLD);
    registry.publish(NEW);
    device.on();
  }

  private static TestDevice newDevice() {
    try {
      return new TestDevice(OLD);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  UpdateReport report() {
    return device.gateway.report();
  }

  /** Ordered by the real director; with all the time that it may take. */
  void install(String id, TestRelease release) {
    device.tell(TestDevice.install(id, release));
    device.pass(Duration.ofHours(2));
  }

  /** The command with an order of another's making. */
  void tell(DeviceCommand command, Order order, SigningKey... keys) {
    tell(command, Envelope.sign(order, List.of(keys)).bytes());
  }

  void tell(DeviceCommand command, byte[] order) {
    device.tellAsItIs(command.toBuilder().setDirector(ByteString.copyFrom(order)).build());
    device.pass(Duration.ofHours(2));
  }

  /** The order that the director would give for that command. */
  Order order(DeviceCommand command, long version) {
    return TestDevice.order(command, TestDevice.ID, version, device.time.instant());
  }

  void forgeImage(String file, Metadata metadata, SigningKey... keys) {
    registry.forge("/v1/trust/image/" + file, Envelope.sign(metadata, List.of(keys)).bytes());
  }

  /** The image side's next root, with another key for snapshots and timestamps. */
  void rotateOnline() {
    SigningKey key = SigningKey.generate();
    Root next =
        TRUST
            .firstImageRoot()
            .metadata()
            .next(
                TRUST.expires(),
                Map.of(
                    Root.Role.SNAPSHOT, RoleKeys.of(key.publicKey()),
                    Root.Role.TIMESTAMP, RoleKeys.of(key.publicKey())));
    try {
      registry.become(
          registry.image().withRoot(Envelope.sign(next, List.of(TRUST.imageRoot())).bytes()), key);
    } catch (TrustException e) {
      throw new AssertionError(e);
    }
  }

  /** The director's next root, with another key for orders. */
  Envelope<Root> directorRoot(SigningKey key) {
    Root next =
        TRUST
            .firstDirectorRoot()
            .metadata()
            .next(TRUST.expires(), Map.of(Root.Role.TARGETS, RoleKeys.of(key.publicKey())));
    return Envelope.sign(next, List.of(TRUST.directorRoot()));
  }

  /** The attack has failed: it was refused for that reason, and the old model listens on. */
  void assertHeld(UpdateResult result, String text) {
    assertEquals(result, report().getResult(), report().getText());
    assertTrue(report().getText().contains(text), report().getText());
    assertRunsOn(OLD);
  }

  /** It listens with that, complete and verified, also after a restart, and waits for orders. */
  void assertRunsOn(TestRelease release) {
    assertTrue(device.agent.record().state() instanceof UpdateState.Idle, "at rest");
    assertEquals(release.name(), device.listening.listensWith());
    device.powerCut().on();
    assertEquals(release.name(), device.listening.listensWith());
    assertNotEquals("COMMITTED " + NEWER.name(), committed());
  }

  private String committed() {
    return report().getState() + " " + report().getRelease();
  }

  /** Once the attacker is gone, what the director orders is installed. */
  void assertRecovers(String id, TestRelease release) {
    registry.heal();
    install(id, release);
    assertEquals("COMMITTED", report().getState().name(), report().getText());
    assertEquals(release.name(), device.listening.listensWith());
  }
}
