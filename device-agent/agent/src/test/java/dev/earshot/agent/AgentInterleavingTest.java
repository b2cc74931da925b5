package dev.earshot.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.earshot.agent.update.UpdateState;
import dev.earshot.protocol.v1.DeviceStatus;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * Two hundred random lives of a device: commands in any order, lost connections, faults, a flash
 * that refuses, and the power cut before or after any record. The fakes themselves refuse a model
 * that was not verified. Afterwards the world gets well, and the device must come to rest with a
 * model and a true picture at the gateway.
 */
class AgentInterleavingTest {
  private static final int LIVES = 200;
  private static final int EVENTS = 25;
  private static final TestRelease OLD = TestRelease.of("hey-nova:1.0.0", 1);
  private static final List<TestRelease> RELEASES =
      List.of(
          OLD,
          TestRelease.of("hey-nova:1.1.0", 2),
          TestRelease.of("hey-nova:1.2.0", 3),
          OLD.retuned("hey-nova:1.2.1", 4, 110));

  private final List<String> told = new ArrayList<>();
  private int commands;

  @Test
  void anyLife_comesToRestWithAVerifiedModelAndATruePicture() throws IOException {
    for (int life = 0; life < LIVES; life++) {
      told.clear();
      try {
        live(new SplittableRandom(life));
      } catch (AssertionError e) {
        throw new AssertionError("life " + life + ": " + told, e);
      }
    }
  }

  private void live(SplittableRandom random) throws IOException {
    TestDevice device = new TestDevice(OLD);
    RELEASES.forEach(device.registry::publish);
    device.on();
    for (int i = 0; i < EVENTS; i++) {
      try {
        happen(device, random);
      } catch (MemoryFlash.PowerCut expected) {
        // noticed below
      }
      if (device.flash.isOff()) {
        restart(device);
      }
      assertNotEquals("nothing", device.listening.listensWith(), "it always listens");
    }
    heal(device);
    assertTrue(
        device.agent.record().state() instanceof UpdateState.Idle,
        "at rest, not " + device.agent.record().state());
    DeviceStatus status = device.gateway.status();
    assertEquals(device.agent.record().active(), status.getActiveSlot());
    assertEquals(
        device.listening.listensWith(),
        status.getSlots(status.getActiveSlotValue() - 1).getRelease(),
        "the gateway's picture");
  }

  private void happen(TestDevice device, SplittableRandom random) {
    TestRelease release = RELEASES.get(random.nextInt(RELEASES.size()));
    int kind = random.nextInt(12);
    told.add(kind + ":" + release.name());
    switch (kind) {
      case 0, 1, 2 -> device.tell(TestDevice.install("c" + commands++, release));
      case 3 -> device.tell(TestDevice.revert("c" + commands++, release));
      case 4 -> device.tell(TestDevice.cancel("c" + commands++));
      case 5 -> device.pass(Duration.ofSeconds(random.nextInt(2 * TestDevice.TRIAL_SECONDS)));
      case 6 -> {
        device.registry.breakAfterBytes = random.nextInt(12_000);
        device.registry.breaks = random.nextInt(3);
        device.registry.unreachable = random.nextInt(4) == 0;
        device.registry.silent = random.nextInt(4) == 0;
      }
      case 7 -> {
        device.agent.onDisconnected();
        device.gateway.acknowledging = random.nextBoolean();
      }
      case 8 -> device.agent.onConnected();
      case 9 -> device.agent.onModelFault("random fault");
      case 10 -> device.flash.readOnly = random.nextInt(3) == 0;
      default -> device.flash.cutAtRecordWrite(1 + random.nextInt(6), random.nextBoolean());
    }
    device.time.settle();
  }

  private static void restart(TestDevice device) {
    device.powerCut();
    device.flash.readOnly = false;
    try {
      device.on();
    } catch (UncheckedIOException e) {
      throw new AssertionError(e);
    }
  }

  private static void heal(TestDevice device) {
    device.flash.powerIsBack();
    device.flash.readOnly = false;
    device.registry.unreachable = false;
    device.registry.breaks = 0;
    device.gateway.acknowledging = true;
    device.registry.silent = false;
    device.agent.onDisconnected();
    device.agent.onConnected();
    device.pass(Duration.ofHours(12));
    device.pass(Duration.ofHours(12));
  }
}
