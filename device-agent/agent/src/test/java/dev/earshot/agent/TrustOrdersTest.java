package dev.earshot.agent;

import static dev.earshot.agent.AttackedDevice.NEW;
import static dev.earshot.agent.AttackedDevice.OLD;
import static dev.earshot.agent.AttackedDevice.THIEF;
import static dev.earshot.agent.AttackedDevice.TRUST;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import dev.earshot.agent.update.UpdateState;
import dev.earshot.protocol.DeviceId;
import dev.earshot.protocol.trust.Envelope;
import dev.earshot.protocol.trust.Order;
import dev.earshot.protocol.trust.SigningKey;
import dev.earshot.protocol.v1.DeviceCommand;
import dev.earshot.protocol.v1.Install;
import dev.earshot.protocol.v1.UpdateReport;
import dev.earshot.protocol.v1.UpdateResult;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** What the director ordered, and what somebody between him and the device makes of it. */
class TrustOrdersTest {
  private final AttackedDevice attacked = new AttackedDevice();
  private final TestDevice device = attacked.device;

  @Test
  void orderForAnotherDevice_isRefused() {
    DeviceCommand command = TestDevice.install("c1", NEW);
    Order other =
        TestDevice.order(command, DeviceId.parse("home/kitchen-2"), 1, device.time.instant());
    attacked.tell(command, other, TRUST.director());
    attacked.assertHeld(
        UpdateResult.INTEGRITY_CHECK_FAILURE,
        "director's order: for home/kitchen-2, not home/kitchen-1");
    attacked.assertRecovers("c1", NEW);
  }

  @Test
  void replayedOrder_underItsOwnId_isAnsweredAndNotDoneAgain() {
    DeviceCommand command = TestDevice.install("c1", NEW);
    byte[] order = TRUST.sign(attacked.order(command, 1));
    attacked.tell(command, order);
    device.orders = 1;
    device.tell(TestDevice.revert("c2", OLD));
    device.pass(Duration.ofHours(1));
    attacked.tell(command, order);
    assertEquals("c2", attacked.report().getCommandId());
    attacked.assertRunsOn(OLD);
  }

  @Test
  void replayedOrder_thatTheDeviceHasForgotten_isRefusedByItsVersion() {
    DeviceCommand command = TestDevice.install("c0", NEW);
    byte[] order = TRUST.sign(attacked.order(command, 1));
    device.orders = 1;
    attacked.tell(command, order);
    for (int i = 1; i <= 9; i++) { // more than the ids that a device remembers
      device.tell(TestDevice.revert("c" + i, OLD));
      device.pass(Duration.ofHours(1));
    }
    attacked.tell(command, order);
    attacked.assertHeld(
        UpdateResult.UPDATE_FAILED, "director's order: version 1 (expected: above 10)");
  }

  @Test
  void orderThatExpired_isRefused() {
    DeviceCommand command = TestDevice.install("c1", NEW);
    byte[] order = TRUST.sign(attacked.order(command, 1));
    device.pass(Duration.ofDays(2));
    attacked.tell(command, order);
    attacked.assertHeld(UpdateResult.UPDATE_FAILED, "director's order expired at 2026-01-02");
    attacked.assertRecovers("c2", NEW);
  }

  @Test
  void commandIdThatDiffers_isRefused() {
    assertMismatch(command -> command.toBuilder().setCommandId("c9").build(), "command_id");
  }

  @Test
  void rolloutThatDiffers_isRefused() {
    assertMismatch(command -> command.toBuilder().setRollout("r-9").build(), "rollout");
  }

  @Test
  void releaseThatDiffers_isRefused() {
    assertMismatch(
        command -> withInstall(command, install -> install.setRelease("hey-nova:9.9.9")),
        "release");
  }

  @Test
  void manifestDigestThatDiffers_isRefused() {
    ByteString other = ByteString.copyFrom(OLD.signed().digest().bytes());
    assertMismatch(
        command -> withInstall(command, install -> install.setManifestDigest(other)),
        "manifest_digest");
  }

  @Test
  void trialThatDiffers_isRefused() {
    assertMismatch(
        command -> withInstall(command, install -> install.setTrialSeconds(0)), "trial_seconds");
  }

  @Test
  void actionThatDiffers_isRefused() {
    assertMismatch(
        command ->
            TestDevice.revert(command.getCommandId(), NEW).toBuilder()
                .setRollout(command.getRollout())
                .build(),
        "action");
    assertMismatch(command -> TestDevice.cancel(command.getCommandId()), "action");
  }

  private static DeviceCommand withInstall(
      DeviceCommand command, UnaryOperator<Install.Builder> change) {
    return command.toBuilder().setInstall(change.apply(command.getInstall().toBuilder())).build();
  }

  /** A genuine order in a command that somebody changed on its way. */
  private void assertMismatch(UnaryOperator<DeviceCommand> change, String field) {
    DeviceCommand command = TestDevice.install("c1", NEW);
    attacked.tell(change.apply(command), TRUST.sign(attacked.order(command, 1)));
    attacked.assertHeld(
        UpdateResult.INTEGRITY_CHECK_FAILURE, "director's order: " + field + " is ");
    assertEquals(0, device.registry.requests.size(), "nothing was fetched");
  }

  @Test
  void lengthThatDiffersFromTheListing_isRefused() {
    DeviceCommand command = TestDevice.install("c1", NEW);
    Order good = attacked.order(command, 1);
    Order.Target target = good.target().orElseThrow();
    Order wrong =
        new Order(
            1,
            good.expires(),
            good.device(),
            good.commandId(),
            good.rollout(),
            good.action(),
            Optional.of(new Order.Target(target.path(), target.length() + 1, target.digest())),
            good.trialSeconds(),
            good.issued());
    attacked.tell(command, wrong, TRUST.director());
    attacked.assertHeld(UpdateResult.INTEGRITY_CHECK_FAILURE, "its publisher lists");
    assertEquals(0, device.registry.fileRequests().size());
    device.orders = 1;
    attacked.assertRecovers("c2", NEW);
  }

  @Test
  void refusedCommand_leavesNothingBehind() {
    int writes = device.flash.recordWrites;
    DeviceCommand command = TestDevice.install("c1", NEW);
    device.tellAsItIs(command);
    attacked.tell(command, attacked.order(command, 1), THIEF);
    UpdateReport refusal = attacked.report();
    assertEquals("REJECTED", refusal.getState().name());
    assertEquals("c1", refusal.getCommandId());
    assertEquals(writes, device.flash.recordWrites, "a forger wears no flash out");
    attacked.assertRecovers("c1", NEW); // the same id, now from the director
  }

  @Test
  void cancelWithoutAnOrder_doesNotEndTheDownload() {
    device.registry.silent = true;
    device.tell(TestDevice.install("c1", NEW));
    device.tellAsItIs(TestDevice.cancel("c2"));
    assertTrue(device.agent.record().state() instanceof UpdateState.Downloading);
    UpdateReport refusal = attacked.report();
    assertEquals("c2", refusal.getCommandId());
    assertEquals("the command carries no order of the director", refusal.getText());
  }

  @Test
  void cancelWithAnotherCommandsOrder_doesNotEndTheDownload() {
    device.registry.silent = true;
    device.tell(TestDevice.install("c1", NEW));
    DeviceCommand cancel = TestDevice.cancel("c2");
    device.tellAsItIs(
        cancel.toBuilder()
            .setDirector(
                ByteString.copyFrom(TRUST.sign(attacked.order(TestDevice.cancel("c3"), 2))))
            .build());
    assertTrue(device.agent.record().state() instanceof UpdateState.Downloading);
  }

  @Test
  void fastForward_ofOrders_isOverWhenTheDirectorsKeyIsRotated() {
    DeviceCommand stolen = TestDevice.install("thief", OLD);
    attacked.tell(stolen, attacked.order(stolen, Long.MAX_VALUE), TRUST.director());
    assertEquals("this release listens already", attacked.report().getText());
    attacked.install("c1", NEW);
    attacked.assertHeld(UpdateResult.UPDATE_FAILED, "version 1 (expected: above " + Long.MAX_VALUE);

    SigningKey next = SigningKey.generate();
    device.registry.forge("/v1/trust/director/2.root.json", attacked.directorRoot(next).bytes());
    DeviceCommand command = TestDevice.install("c2", NEW);
    attacked.tell(command, attacked.order(command, 1), next);
    assertEquals("COMMITTED", attacked.report().getState().name(), attacked.report().getText());
    attacked.assertRunsOn(NEW);

    attacked.tell(stolen, attacked.order(stolen, Long.MAX_VALUE), TRUST.director());
    DeviceCommand again = TestDevice.revert("thief-2", OLD);
    attacked.tell(again, attacked.order(again, Long.MAX_VALUE), TRUST.director());
    assertTrue(attacked.report().getText().contains("0 valid"), attacked.report().getText());
    attacked.assertRunsOn(NEW);
  }

  @Test
  void fastForward_ofTheTimeInOrders_isOverWhenTheDirectorsKeyIsRotated() {
    DeviceCommand stolen = TestDevice.install("thief", OLD);
    Order late =
        TestDevice.order(
            stolen, TestDevice.ID, 1, device.time.instant().plus(Duration.ofDays(4000)));
    attacked.tell(stolen, late, TRUST.director());
    device.orders = 1;
    attacked.install("c1", NEW);
    attacked.assertHeld(UpdateResult.UPDATE_FAILED, "expired at");

    SigningKey next = SigningKey.generate();
    device.registry.forge("/v1/trust/director/2.root.json", attacked.directorRoot(next).bytes());
    DeviceCommand command = TestDevice.install("c2", NEW);
    attacked.tell(command, attacked.order(command, 1), next);
    assertEquals("COMMITTED", attacked.report().getState().name(), attacked.report().getText());
  }

  @Test
  void orderOfARotatedKey_isRefusedEvenByADeviceThatDidNotKnowOfTheRotation() {
    SigningKey next = SigningKey.generate();
    device.registry.forge("/v1/trust/director/2.root.json", attacked.directorRoot(next).bytes());
    attacked.install("c1", NEW); // signed by the key of root 1, which is the thief's by now
    attacked.assertHeld(
        UpdateResult.INTEGRITY_CHECK_FAILURE,
        "director 2.root.json: the keys have changed since this was ordered");
  }

  @Test
  void directorRootThatCannotBeFetched_leavesTheDecisionToTheKnownOne() {
    device.registry.unreachable = true;
    DeviceCommand command = TestDevice.install("c1", NEW);
    attacked.tell(command, attacked.order(command, 1), SigningKey.generate());
    attacked.assertHeld(UpdateResult.INTEGRITY_CHECK_FAILURE, "director's order: 0 valid");
    device.registry.unreachable = false;
    attacked.assertRecovers("c2", NEW);
  }

  @Test
  void directorRootOfAThief_isNotFollowed() {
    DeviceCommand command = TestDevice.install("c1", NEW);
    var forged = Envelope.sign(attacked.directorRoot(THIEF).metadata(), List.of(THIEF));
    device.registry.forge("/v1/trust/director/2.root.json", forged.bytes());
    attacked.tell(command, attacked.order(command, 1), THIEF);
    attacked.assertHeld(UpdateResult.INTEGRITY_CHECK_FAILURE, "director's order: 0 valid");
    attacked.assertRecovers("c2", NEW);
  }
}
