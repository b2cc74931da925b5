package dev.earshot.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.earshot.agent.port.Flash.Part;
import dev.earshot.agent.port.Supply;
import dev.earshot.agent.update.UpdateState;
import dev.earshot.protocol.v1.InstallConditions;
import dev.earshot.protocol.v1.Slot;
import dev.earshot.protocol.v1.UpdateReport;
import dev.earshot.protocol.v1.UpdateResult;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a plan may ask a device to wait for. */
class InstallConditionsTest {
  private static final TestRelease OLD = TestRelease.of("hey-nova:1.0.0", 1);
  private static final TestRelease NEW = TestRelease.of("hey-nova:1.1.0", 2);
  private static final TestRelease BIG = TestRelease.of("hey-nova:1.2.0", 3, 200_000);
  private static final InstallConditions CHARGING =
      InstallConditions.newBuilder().setCharging(true).build();
  private static final InstallConditions HALF =
      InstallConditions.newBuilder().setBatteryMinPct(50).build();
  private static final InstallConditions IDLE =
      InstallConditions.newBuilder().setIdle(true).build();
  private static final InstallConditions BUDGET =
      InstallConditions.newBuilder().setDailyBytes(50_000).build();

  private TestDevice device;

  @BeforeEach
  void device() throws IOException {
    device = new TestDevice(OLD);
    device.registry.publish(OLD);
    device.registry.publish(NEW);
    device.registry.publish(BIG);
    device.on();
  }

  private void deferred(String state, String text) {
    UpdateReport report = device.gateway.report();
    assertEquals(state, report.getState().name());
    assertEquals(UpdateResult.UPDATE_DEFERRED, report.getResult());
    assertEquals(text, report.getText());
    assertInstanceOf(UpdateState.Waiting.class, device.agent.record().state());
    assertEquals("hey-nova:1.0.0", device.listening.listensWith());
  }

  @Test
  void withoutACharger_waitsAndSaysSo_andGoesOnWhenThereIsOne() {
    device.supply = new Supply.Reading(false, 90);
    device.tell(TestDevice.install("c1", NEW, CHARGING));
    deferred("DOWNLOADING", "waits for the charger");
    assertEquals(0, device.registry.requests.size());

    device.supply = new Supply.Reading(true, 90);
    device.pass(Patience.LOOK);
    assertEquals("TRIAL", device.gateway.report().getState().name());
  }

  @Test
  void chargerPulledWhileDownloading_stopsAndResumesWhereItStopped() {
    device.registry.breakAfterBytes = 4000;
    device.registry.breaks = 1;
    device.supply = new Supply.Reading(true, 90);
    device.tell(TestDevice.install("c1", NEW, CHARGING));
    device.registry.silent = true;
    device.pass(Duration.ofSeconds(20));
    device.supply = new Supply.Reading(false, 90);
    device.pass(Patience.LOOK);
    deferred("DOWNLOADING", "waits for the charger");
    assertEquals(4000, device.gateway.report().getDownloadedBytes());

    device.registry.silent = false;
    device.supply = new Supply.Reading(true, 90);
    long served = device.registry.bytesServed;
    device.pass(Patience.LOOK);
    assertEquals("TRIAL", device.gateway.report().getState().name());
    assertEquals(TestRelease.MODEL_BYTES - 4000, device.registry.bytesServed - served);
  }

  @Test
  void chargePlanned_isEnoughByBatteryOrByCharger() {
    device.supply = new Supply.Reading(false, 49);
    device.tell(TestDevice.install("c1", NEW, HALF));
    deferred("DOWNLOADING", "waits for 50 % of charge");
    device.supply = new Supply.Reading(true, 10);
    device.pass(Patience.LOOK);
    assertEquals("TRIAL", device.gateway.report().getState().name());
  }

  @Test
  void wakeJustNow_delaysTheSwapAlone() {
    device.listening.wokeMillis = device.time.monotonicMillis();
    device.tell(TestDevice.install("c1", NEW, IDLE));
    deferred("INSTALLED", "waits for a minute without a wake");
    device.pass(Duration.ofSeconds(61));
    assertEquals("TRIAL", device.gateway.report().getState().name());
  }

  @Test
  void slotThatListensRotsWhileTheSwapWaits_theNewModelDoesNotWait() {
    device.listening.wokeMillis = device.time.monotonicMillis();
    device.tell(TestDevice.install("c1", NEW, IDLE));
    deferred("INSTALLED", "waits for a minute without a wake");
    device.flash.rot(Slot.SLOT_A, Part.MODEL);

    device.powerCut();
    device.listening.wokeMillis = device.time.monotonicMillis();
    device.on();

    assertEquals("hey-nova:1.1.0", device.listening.listensWith());
    assertEquals("TRIAL", device.gateway.report().getState().name());
    device.passTrial();
    assertEquals("COMMITTED", device.gateway.report().getState().name());
  }

  @Test
  void waiting_survivesRestartsWithoutCountingThem() {
    device.supply = new Supply.Reading(false, 90);
    device.tell(TestDevice.install("c1", NEW, CHARGING));
    for (int boot = 0; boot < 30; boot++) {
      device.powerCut().on();
      deferred("DOWNLOADING", "waits for the charger");
    }
    device.supply = new Supply.Reading(true, 90);
    device.pass(Patience.LOOK);
    device.passTrial();
    assertEquals("COMMITTED", device.gateway.report().getState().name());
  }

  @Test
  void waiting_canBeCancelled() {
    device.supply = new Supply.Reading(false, 90);
    device.tell(TestDevice.install("c1", NEW, CHARGING));
    device.tell(TestDevice.cancel("c2"));
    assertEquals(UpdateResult.UPDATE_CANCELLED, device.gateway.report().getResult());
  }

  @Test
  void waiting_isSupersededByAnotherCommand() {
    device.supply = new Supply.Reading(false, 90);
    device.tell(TestDevice.install("c1", NEW, CHARGING));
    device.tell(TestDevice.install("c2", NEW));
    assertEquals("c2", device.gateway.report().getCommandId());
    assertEquals("TRIAL", device.gateway.report().getState().name());
  }

  @Test
  void waitingForTwoWeeks_isGivenUp() {
    device.supply = new Supply.Reading(false, 90);
    device.tell(TestDevice.install("c1", NEW, CHARGING));
    device.pass(Duration.ofDays(15));
    UpdateReport report = device.gateway.report();
    assertEquals("FAILED", report.getState().name());
    assertEquals(UpdateResult.UPDATE_DEFERRED, report.getResult());
    assertEquals(
        "given up after 14 days: the device still waits for the charger", report.getText());
  }

  @Test
  void revert_neverWaits() {
    device.tell(TestDevice.install("c1", NEW));
    device.passTrial();
    device.supply = new Supply.Reading(false, 1);
    device.listening.wokeMillis = device.time.monotonicMillis();
    device.tell(TestDevice.revert("c2", OLD));
    assertEquals("hey-nova:1.0.0", device.listening.listensWith());
  }

  @Test
  void budget_spreadsADownloadOverDays() {
    device.tell(TestDevice.install("c1", BIG, BUDGET));
    deferred("DOWNLOADING", "waits for tomorrow: today's 50000 bytes are used");
    long first = device.registry.bytesServed;
    assertTrue(first >= 45_000 && first <= 52_000, first + " bytes on the first day");
    device.pass(Duration.ofHours(23));
    assertEquals(first, device.registry.bytesServed);
    device.pass(Duration.ofDays(3));
    assertEquals("COMMITTED", device.gateway.report().getState().name());
  }

  @Test
  void budget_isNotGivenTwiceByPowerCutsOrClocksThatJump() {
    device.tell(TestDevice.install("c1", BIG, BUDGET));
    device.time.clockError = Duration.ofDays(4383); // 2038
    device.powerCut().on();
    device.pass(Duration.ofHours(1));
    long afterOneJump = device.registry.bytesServed;
    assertTrue(afterOneJump <= 102_000, "forward renews once: " + afterOneJump);
    for (int jump = 0; jump < 10; jump++) {
      device.time.clockError = Duration.ofDays(jump % 2 == 0 ? -20_454 : 4383);
      device.powerCut().on();
      device.pass(Duration.ofHours(1));
    }
    assertEquals(afterOneJump, device.registry.bytesServed);
  }

  @Test
  void clockThatStandsIn1970_doesNotBlockForEver() {
    device.time.clockError = Duration.ofDays(-20_454);
    device.tell(TestDevice.install("c1", BIG, BUDGET));
    device.pass(Duration.ofDays(5));
    assertEquals("COMMITTED", device.gateway.report().getState().name());
  }

  @Test
  void powerCutInALimitedDownload_costsPartOfTheBudgetAndNeverGivesItTwice() {
    InstallConditions wide = InstallConditions.newBuilder().setDailyBytes(160_000).build();
    device.registry.breakAfterBytes = 30_000;
    device.registry.breaks = Integer.MAX_VALUE;
    device.tell(TestDevice.install("c1", BIG, wide));
    for (int cut = 0; cut < 20; cut++) {
      device.powerCut().on();
      device.pass(Duration.ofMillis(600)); // some transfers, each of which breaks off
    }
    assertTrue(
        device.registry.bytesServed <= 160_000 + 2000, device.registry.bytesServed + " bytes");
  }
}
