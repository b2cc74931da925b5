package dev.earshot.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.earshot.agent.port.Flash.Part;
import dev.earshot.agent.port.Listening.SelfTestResult;
import dev.earshot.agent.update.RecordCodec;
import dev.earshot.agent.update.UpdateState;
import dev.earshot.protocol.v1.DeviceStatus;
import dev.earshot.protocol.v1.Slot;
import dev.earshot.protocol.v1.UpdateReport;
import dev.earshot.protocol.v1.UpdateResult;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Cuts the power before and after every record that an update writes, and lets the device start
 * again. Whatever the instant, the update ends as if nothing had happened, and the gateway's
 * picture is the truth.
 */
class PowerCutTest {
  private static final TestRelease OLD = TestRelease.of("hey-nova:1.0.0", 1);
  private static final TestRelease NEW = TestRelease.of("hey-nova:1.1.0", 2);
  private static final TestRelease RETUNED = OLD.retuned("hey-nova:1.0.1", 3, 110);

  /** A story that writes records, and what it ends with. */
  private enum Story {
    INSTALL("hey-nova:1.1.0", "COMMITTED") {
      @Override
      void tell(TestDevice device) {
        device.tell(TestDevice.install("c1", NEW));
        device.passTrial();
      }
    },
    INSTALL_OF_ANOTHER_DETECTOR("hey-nova:1.0.1", "COMMITTED") {
      @Override
      void tell(TestDevice device) {
        device.tell(TestDevice.install("c1", RETUNED));
        device.passTrial();
      }
    },
    REVERT("hey-nova:1.0.0", "ROLLED_BACK") {
      @Override
      void prepare(TestDevice device) {
        device.tell(TestDevice.install("c0", NEW));
        device.passTrial();
      }

      @Override
      void tell(TestDevice device) {
        device.tell(TestDevice.revert("c1", OLD));
      }
    },
    REVERT_IN_TRIAL("hey-nova:1.0.0", "ROLLED_BACK") {
      @Override
      void prepare(TestDevice device) {
        device.tell(TestDevice.install("c0", NEW));
      }

      @Override
      void tell(TestDevice device) {
        device.tell(TestDevice.revert("c1", OLD));
      }
    },
    FAILING_SELF_TEST("hey-nova:1.0.0", "FAILED") {
      @Override
      void rig(TestDevice device) {
        device.listening.selfTests.put(NEW.name(), new SelfTestResult.Failed("vector 0 differs"));
      }

      @Override
      void tell(TestDevice device) {
        device.tell(TestDevice.install("c1", NEW));
      }
    },
    FAILING_TRIAL("hey-nova:1.0.0", "ROLLED_BACK") {
      @Override
      void rig(TestDevice device) {
        device.listening.idling = NEW.name();
      }

      @Override
      void tell(TestDevice device) {
        device.tell(TestDevice.install("c1", NEW));
        device.passTrial();
      }
    },
    CORRUPT_DOWNLOAD("hey-nova:1.0.0", "FAILED") {
      @Override
      void rig(TestDevice device) {
        device.registry.corrupt(NEW);
      }

      @Override
      void tell(TestDevice device) {
        device.tell(TestDevice.install("c1", NEW));
      }
    },
    CANCEL("hey-nova:1.0.0", "FAILED") {
      @Override
      void prepare(TestDevice device) {
        device.registry.silent = true;
        device.tell(TestDevice.install("c0", NEW));
      }

      @Override
      void tell(TestDevice device) {
        device.tell(TestDevice.cancel("c1"));
      }
    };

    final String listensWith;
    final String reported;

    Story(String listensWith, String reported) {
      this.listensWith = listensWith;
      this.reported = reported;
    }

    /** What the world is like; holds after a restart too. */
    void rig(TestDevice device) {}

    /** What happens before the power gets unreliable. */
    void prepare(TestDevice device) {}

    /**
     * What happens while it is. Repeated after a restart, as the gateway does until the status
     * shows it.
     */
    abstract void tell(TestDevice device);

    TestDevice device() throws IOException {
      TestDevice device = new TestDevice(OLD);
      device.registry.publish(OLD);
      device.registry.publish(NEW);
      device.registry.publish(RETUNED);
      rig(device);
      device.on();
      prepare(device);
      return device;
    }
  }

  @TestFactory
  Stream<DynamicTest> powerCutAtEveryRecord_updateEndsAllTheSame() throws IOException {
    List<DynamicTest> cases = new ArrayList<>();
    for (Story story : Story.values()) {
      TestDevice undisturbed = story.device();
      int before = undisturbed.flash.recordWrites;
      story.tell(undisturbed);
      int writes = undisturbed.flash.recordWrites - before;
      assertTrue(writes >= 1, story + " writes records");
      for (int n = 1; n <= writes; n++) {
        int write = n;
        for (boolean after : new boolean[] {false, true}) {
          String name = story + ", cut " + (after ? "after" : "before") + " record " + write;
          cases.add(DynamicTest.dynamicTest(name, () -> cutOnce(story, write, after)));
        }
      }
    }
    assertTrue(cases.size() >= 50, cases.size() + " cases");
    return cases.stream();
  }

  /** What the device believes is written before anything is built on it. */
  @TestFactory
  Stream<DynamicTest> powerCutAtEveryWriteOfWhatItBelieves_updateEndsAllTheSame()
      throws IOException {
    List<DynamicTest> cases = new ArrayList<>();
    TestDevice undisturbed = Story.INSTALL.device();
    Story.INSTALL.tell(undisturbed);
    int writes = undisturbed.flash.trustWrites;
    for (int n = 1; n <= writes; n++) {
      int write = n;
      for (boolean after : new boolean[] {false, true}) {
        cases.add(
            DynamicTest.dynamicTest(
                "cut " + (after ? "after" : "before") + " belief " + write,
                () ->
                    cutOnce(Story.INSTALL, device -> device.flash.cutAtTrustWrite(write, after))));
      }
    }
    assertTrue(cases.size() >= 4, cases.size() + " cases: timestamp and snapshot at least");
    return cases.stream();
  }

  /** Half of what was to be appended is there; the next boot goes on from it. */
  @TestFactory
  Stream<DynamicTest> powerCutInEveryAppend_updateEndsAllTheSame() throws IOException {
    List<DynamicTest> cases = new ArrayList<>();
    for (Story story : List.of(Story.INSTALL, Story.INSTALL_OF_ANOTHER_DETECTOR)) {
      TestDevice undisturbed = story.device();
      int before = undisturbed.flash.appends;
      story.tell(undisturbed);
      int appends = undisturbed.flash.appends - before;
      for (int n = 1; n <= appends; n++) {
        int append = n;
        cases.add(
            DynamicTest.dynamicTest(
                story + ", cut in append " + append,
                () -> cutOnce(story, device -> device.flash.cutAtAppend(append))));
      }
    }
    assertTrue(cases.size() >= 12 + 3, cases.size() + " cases");
    return cases.stream();
  }

  @ParameterizedTest
  @EnumSource(Part.class)
  void slotThatRotsBetweenVerificationAndSelfTest_isNotGivenToTheEngine(Part part)
      throws IOException {
    TestDevice device = Story.INSTALL.device();
    device.flash.cutAtRecordWrite(3, true); // downloading, verifying, installing
    assertThrows(MemoryFlash.PowerCut.class, () -> device.tell(TestDevice.install("c1", NEW)));
    assertInstanceOf(
        UpdateState.Installing.class,
        RecordCodec.decode(device.flash.readRecord().orElseThrow()).state());
    device.flash.rot(Slot.SLOT_B, part);
    device.powerCut().on();

    assertEquals("hey-nova:1.0.0", device.listening.listensWith());
    assertEquals("FAILED", device.gateway.report().getState().name());
    assertEquals(UpdateResult.INTEGRITY_CHECK_FAILURE, device.gateway.report().getResult());
  }

  private static void cutOnce(Story story, int write, boolean after) throws IOException {
    cutOnce(story, device -> device.flash.cutAtRecordWrite(write, after));
  }

  private static void cutOnce(Story story, Consumer<TestDevice> fault) throws IOException {
    TestDevice device = story.device();
    fault.accept(device);
    try {
      story.tell(device);
    } catch (MemoryFlash.PowerCut expected) {
      // from here on the device is off
    }
    assertTrue(device.flash.isOff(), "the power was cut");
    device.powerCut();
    story.rig(device);
    device.on();
    assertTrue(!device.listening.listensWith().equals("nothing"), "listens right after the boot");
    story.tell(device);
    device.pass(Duration.ofHours(1));

    assertEquals(story.listensWith, device.listening.listensWith());
    assertTrue(device.agent.record().state() instanceof UpdateState.Idle, "the update has ended");
    DeviceStatus status = device.gateway.status();
    UpdateReport report = status.getUpdate();
    assertEquals("c1", report.getCommandId());
    assertEquals(story.reported, report.getState().name(), report.getText());
    assertEquals(
        story.listensWith,
        status.getSlotsList().stream()
            .filter(slot -> slot.getSlot() == status.getActiveSlot())
            .findFirst()
            .orElseThrow()
            .getRelease(),
        "the gateway's picture");
  }
}
