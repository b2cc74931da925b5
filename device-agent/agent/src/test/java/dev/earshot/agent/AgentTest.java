package dev.earshot.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.earshot.agent.outbox.TornMedium;
import dev.earshot.agent.port.Flash.Part;
import dev.earshot.agent.port.Listening.SelfTestResult;
import dev.earshot.agent.update.UpdateState;
import dev.earshot.protocol.trust.SigningKey;
import dev.earshot.protocol.v1.DeviceCommand;
import dev.earshot.protocol.v1.DeviceStatus;
import dev.earshot.protocol.v1.Environment;
import dev.earshot.protocol.v1.Heartbeat;
import dev.earshot.protocol.v1.Install;
import dev.earshot.protocol.v1.Slot;
import dev.earshot.protocol.v1.UpdateReport;
import dev.earshot.protocol.v1.UpdateResult;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AgentTest {
  private static final Instant FAR = Instant.parse("2030-01-01T00:00:00Z");
  private static final TestRelease OLD = TestRelease.of("hey-nova:1.0.0", 1);
  private static final TestRelease NEW = TestRelease.of("hey-nova:1.1.0", 2);

  private TestDevice device;

  @BeforeEach
  void device() throws IOException {
    device = new TestDevice(OLD);
    device.registry.publish(OLD);
    device.registry.publish(NEW);
  }

  @Test
  void connecting_tellsTheWholePicture() {
    device.on();
    DeviceStatus birth = device.gateway.status();
    assertEquals(1, birth.getBootId());
    assertEquals(0, birth.getSequence());
    assertEquals("ndp120", birth.getAttributes().getChip());
    assertEquals(Slot.SLOT_A, birth.getActiveSlot());
    assertEquals("hey-nova:1.0.0", birth.getSlots(0).getRelease());
    assertEquals("", birth.getSlots(1).getRelease());
    assertEquals(1, birth.getReleaseCounter());
    assertFalse(birth.hasUpdate());
    assertEquals("hey-nova:1.0.0", device.listening.listensWith());
  }

  @Test
  void install_passesEveryStateAndIsCommittedAfterItsTrial() {
    device.on();
    device.tell(TestDevice.install("c1", NEW));
    assertEquals("hey-nova:1.1.0", device.listening.listensWith());
    assertEquals("TRIAL", device.gateway.report().getState().name());
    assertEquals(TestRelease.MODEL_BYTES, device.gateway.report().getDownloadedBytes());
    assertEquals(1, device.gateway.status().getReleaseCounter(), "not committed yet");

    device.passTrial();

    assertEquals(
        List.of("DOWNLOADING", "DOWNLOADED", "VERIFIED", "INSTALLED", "TRIAL", "COMMITTED"),
        device.gateway.reported());
    UpdateReport report = device.gateway.report();
    assertEquals("c1", report.getCommandId());
    assertEquals("r-1", report.getRollout());
    assertEquals(UpdateResult.SUCCESS, report.getResult());
    assertEquals(Slot.SLOT_B, device.gateway.status().getActiveSlot());
    assertEquals(2, device.gateway.status().getReleaseCounter());
  }

  @Test
  void sameCommandTwice_isDoneOnceAndAnsweredWithTheStatus() {
    device.on();
    DeviceCommand command = TestDevice.install("c1", NEW);
    device.tell(command);
    device.passTrial();
    int requests = device.registry.requests.size();
    int statuses = device.gateway.statuses.size();

    device.tell(command);

    assertEquals(requests, device.registry.requests.size());
    assertEquals(statuses + 1, device.gateway.statuses.size());
    assertEquals("COMMITTED", device.gateway.report().getState().name());
  }

  @Test
  void oldCommandToldAgainAfterARevert_isNotDoneAgain() {
    device.on();
    device.tell(TestDevice.install("c1", NEW));
    device.passTrial();
    device.tell(TestDevice.revert("c2", OLD));
    assertEquals("hey-nova:1.0.0", device.listening.listensWith());

    device.tell(TestDevice.install("c1", NEW));

    assertEquals("hey-nova:1.0.0", device.listening.listensWith());
    assertEquals("c2", device.gateway.report().getCommandId());
  }

  @Test
  void manifestOfAStranger_isRejected() {
    TestRelease forged = TestRelease.of("hey-nova:1.2.0", 3, "ndp120", FAR, SigningKey.generate());
    assertRefused(
        forged,
        UpdateResult.INTEGRITY_CHECK_FAILURE,
        "signatures: 0 valid from trusted publishers (expected: at least 1)");
    assertEquals(1, device.registry.fileRequests().size(), "only the manifest was fetched");
  }

  @Test
  void releaseForAnotherChip_isRejected() {
    assertRefused(
        TestRelease.of("hey-nova:1.2.0", 3, "ndp101", FAR, TestRelease.PUBLISHER),
        UpdateResult.UNSUPPORTED_PACKAGE_TYPE,
        "hey-nova:1.2.0 is for ndp101, not ndp120");
  }

  @Test
  void expiredRelease_isRejected() {
    assertRefused(
        TestRelease.of(
            "hey-nova:1.2.0",
            3,
            "ndp120",
            Instant.parse("2025-12-31T00:00:00Z"),
            TestRelease.PUBLISHER),
        UpdateResult.UPDATE_FAILED,
        "hey-nova:1.2.0 expired at 2025-12-31T00:00:00Z");
  }

  @Test
  void releaseWithACounterThatGoesBack_isRejected() {
    assertRefused(
        TestRelease.of("hey-nova:1.2.0", 1),
        UpdateResult.UPDATE_FAILED,
        "hey-nova:1.2.0 has counter 1 (expected: above 1, which was committed here)");
  }

  @Test
  void manifestThatTheCommandDidNotName_isRejected() {
    device.on();
    DeviceCommand command = TestDevice.install("c1", NEW);
    Install other =
        command.getInstall().toBuilder()
            .setManifestDigest(TestDevice.install("c0", OLD).getInstall().getManifestDigest())
            .setRelease("hey-nova:1.1.0")
            .build();
    device.tell(command.toBuilder().setInstall(other).build());
    assertEquals("REJECTED", device.gateway.report().getState().name());
    assertTrue(
        device.gateway.report().getText().startsWith("hey-nova:1.1.0 is ordered with "),
        device.gateway.report().getText());
    assertEquals(0, device.registry.fileRequests().size(), "nothing but metadata was fetched");
  }

  private void assertRefused(TestRelease release, UpdateResult result, String text) {
    device.registry.publish(release);
    device.on();
    device.tell(TestDevice.install("c1", release));
    UpdateReport report = device.gateway.report();
    assertEquals("REJECTED", report.getState().name());
    assertEquals(result, report.getResult());
    assertEquals(text, report.getText());
    assertEquals("hey-nova:1.0.0", device.listening.listensWith());
    assertEquals(0, device.flash.length(Slot.SLOT_B, Part.MODEL));
  }

  @Test
  void corruptChunk_failsWithIntegrityAndTheOldModelNeverStops() {
    device.registry.corrupt(NEW);
    device.on();
    device.tell(TestDevice.install("c1", NEW));
    assertFailed(
        UpdateResult.INTEGRITY_CHECK_FAILURE,
        "MODEL does not have the digest that the publisher signed");
  }

  @Test
  void moreBytesThanDeclared_areNotTaken() {
    device.registry.append(NEW, 5000);
    device.on();
    device.tell(TestDevice.install("c1", NEW));
    assertFailed(UpdateResult.INTEGRITY_CHECK_FAILURE, "more than 10000 bytes");
    assertTrue(device.flash.length(Slot.SLOT_B, Part.MODEL) <= TestRelease.MODEL_BYTES);
  }

  @Test
  void releaseWithAnotherDetector_costsItsManifestAlone() {
    TestRelease retuned = OLD.retuned("hey-nova:1.0.1", 3, 110);
    device.registry.publish(retuned);
    long before = device.registry.bytesServed;
    device.tell(TestDevice.install("c1", retuned));
    device.passTrial();
    assertEquals("hey-nova:1.0.1", device.listening.listensWith());
    long fetched = device.registry.bytesServed - before;
    assertEquals(retuned.envelope().length, fetched);
    assertTrue(fetched < 2000, fetched + " bytes instead of " + TestRelease.MODEL_BYTES);
    device.tell(TestDevice.revert("c2", OLD));
    assertEquals("hey-nova:1.0.0", device.listening.listensWith());
  }

  @Test
  void copyThatRottedInTheOtherSlot_isFetchedInstead() {
    TestRelease retuned = OLD.retuned("hey-nova:1.0.1", 3, 110);
    device.registry.publish(retuned);
    device.flash.rot(Slot.SLOT_A, Part.MODEL);
    device.tell(TestDevice.install("c1", retuned));
    device.passTrial();
    assertEquals("hey-nova:1.0.1", device.listening.listensWith());
    assertTrue(device.registry.bytesServed >= TestRelease.MODEL_BYTES);
  }

  @Test
  void connectionLostInTheMiddle_resumesAtTheByteWhereItStopped() {
    device.registry.breakAfterBytes = 4000;
    device.registry.breaks = 2;
    device.on();
    device.tell(TestDevice.install("c1", NEW));
    device.pass(Duration.ofSeconds(10));

    assertEquals("TRIAL", device.gateway.report().getState().name());
    assertEquals(
        List.of(0L, 4000L, 8000L),
        device.registry.requests.stream()
            .filter(request -> request.url().equals(TestRegistry.modelUrl(NEW)))
            .map(request -> request.offset())
            .toList());
  }

  @Test
  void registryThatCannotBeReached_failsAfterTheLastAttempt() {
    device.registry.unreachable = true;
    device.on();
    device.tell(TestDevice.install("c1", NEW));
    device.pass(Duration.ofMinutes(10));
    assertFailed(
        UpdateResult.CONNECTION_LOST,
        "8 interruptions, 8 without a byte; last: connection refused");
    assertEquals(8, device.registry.requests.size());
  }

  @Test
  void releaseThatTheRegistryDoesNotHave_isRejectedAtOnce() {
    device.on();
    device.tell(TestDevice.install("c1", TestRelease.of("hey-nova:9.0.0", 9)));
    assertEquals("REJECTED", device.gateway.report().getState().name());
    assertEquals(
        "hey-nova/9.0.0/manifest.json is not listed by its publisher",
        device.gateway.report().getText());
  }

  @Test
  void releaseThatDoesNotFitInFlash_isRefusedBeforeItIsDownloaded() {
    device.flash.capacity = 5000;
    device.on();
    device.tell(TestDevice.install("c1", NEW));
    assertEquals(UpdateResult.NOT_ENOUGH_FLASH, device.gateway.report().getResult());
    assertTrue(device.gateway.report().getText().endsWith("bytes, the slot has 5000"));
    assertEquals(0, device.flash.length(Slot.SLOT_B, Part.MODEL));
  }

  @Test
  void selfTestThatFails_keepsTheOldModel() {
    device.listening.selfTests.put("hey-nova:1.1.0", new SelfTestResult.Failed("vector 3 differs"));
    device.on();
    device.tell(TestDevice.install("c1", NEW));
    assertFailed(UpdateResult.UPDATE_FAILED, "self-test: vector 3 differs");
  }

  @Test
  void modelThatTheEngineRefusesAtTheSwap_keepsTheOldModel() {
    device.listening.unusable = "hey-nova:1.1.0";
    device.on();
    device.tell(TestDevice.install("c1", NEW));
    assertFailed(UpdateResult.UPDATE_FAILED, "slot B: the engine refuses it");
  }

  private void assertFailed(UpdateResult result, String text) {
    UpdateReport report = device.gateway.report();
    assertEquals("FAILED", report.getState().name());
    assertEquals(result, report.getResult());
    assertEquals(text, report.getText());
    assertEquals("hey-nova:1.0.0", device.listening.listensWith());
    assertEquals(Slot.SLOT_A, device.gateway.status().getActiveSlot());
  }

  @Test
  void intervalThatEndsTheTrial_isTheTriedModels() {
    device.on();
    device.tell(TestDevice.install("c1", NEW));
    device.pass(Duration.ofSeconds(1));
    assertEquals("hey-nova:1.1.0", device.listening.listensWith());

    device.listening.falseAccepts = 100;
    device.agent.closeInterval();
    device.pass(Duration.ofSeconds(1));

    assertEquals("hey-nova:1.0.0", device.listening.listensWith());
    List<String> blamed =
        device.gateway.heartbeats.stream()
            .filter(heartbeat -> heartbeat.getFalseAccepts() == 100)
            .map(Heartbeat::getRelease)
            .toList();
    assertEquals(List.of("hey-nova:1.1.0"), blamed);
  }

  @Test
  void modelFaultInTheTrial_fallsBackAndSaysWhy() {
    device.on();
    device.tell(TestDevice.install("c1", NEW));
    device.agent.onModelFault("watchdog: no frame for 2 s");
    device.time.settle();
    assertRolledBack(UpdateResult.UPDATE_FAILED, "watchdog: no frame for 2 s");
  }

  @Test
  void modelFaultOfTheOldModel_doesNotEndADownload() {
    device.registry.silent = true;
    device.on();
    device.tell(TestDevice.install("c1", NEW));
    device.agent.onModelFault("watchdog: no frame for 2 s");
    assertTrue(device.agent.record().state() instanceof UpdateState.Downloading);
  }

  @Test
  void modelWithoutInferences_isFoundByTheWatchdogWithinFiveMinutes() {
    device.on();
    device.listening.idling = "hey-nova:1.1.0";
    device.tell(TestDevice.install("c1", NEW));
    device.pass(TrialWatch.WATCHDOG);
    assertRolledBack(UpdateResult.UPDATE_FAILED, "watchdog: no inference in 300 s of listening");
  }

  @Test
  void modelThatCutsTheDeviceOff_isNeverCommitted() {
    device.on();
    device.tell(TestDevice.install("c1", NEW));
    device.gateway.acknowledging = false;
    device.passTrial();
    assertEquals("hey-nova:1.1.0", device.listening.listensWith());

    device.pass(Duration.ofHours(6));
    assertEquals("hey-nova:1.0.0", device.listening.listensWith());

    device.agent.onDisconnected();
    device.gateway.acknowledging = true;
    device.agent.onConnected();
    assertRolledBack(
        UpdateResult.CONNECTION_LOST,
        "no check-in was acknowledged within 360 minutes after the trial");
  }

  @Test
  void checkInAfterAReconnect_commits() {
    device.on();
    device.tell(TestDevice.install("c1", NEW));
    device.agent.onDisconnected();
    device.passTrial();
    assertTrue(device.agent.record().state() instanceof UpdateState.Trial);

    device.agent.onConnected();
    device.time.settle();

    assertEquals("COMMITTED", device.gateway.report().getState().name());
  }

  @Test
  void deviceThatRestartsAgainAndAgainInTheTrial_fallsBack() {
    device.on();
    device.tell(TestDevice.install("c1", NEW));
    for (int boot = 0; boot < 3; boot++) {
      device.powerCut().on();
      assertEquals("hey-nova:1.1.0", device.listening.listensWith());
    }
    device.powerCut().on();
    assertRolledBack(UpdateResult.UPDATE_FAILED, "the device restarted 4 times during the trial");
  }

  private void assertRolledBack(UpdateResult result, String text) {
    UpdateReport report = device.gateway.report();
    assertEquals("ROLLED_BACK", report.getState().name());
    assertEquals(result, report.getResult());
    assertEquals(text, report.getText());
    assertEquals("hey-nova:1.0.0", device.listening.listensWith());
    assertEquals(Slot.SLOT_A, device.gateway.status().getActiveSlot());
    assertEquals(1, device.gateway.status().getReleaseCounter());
  }

  @Test
  void revert_swapsToTheOtherSlotWithoutADownload() {
    device.on();
    device.tell(TestDevice.install("c1", NEW));
    device.passTrial();
    int requests = device.registry.requests.size();

    device.tell(TestDevice.revert("c2", OLD));

    assertEquals(requests, device.registry.requests.size());
    assertEquals("hey-nova:1.0.0", device.listening.listensWith());
    UpdateReport report = device.gateway.report();
    assertEquals("c2", report.getCommandId());
    assertEquals("ROLLED_BACK", report.getState().name());
    assertEquals(UpdateResult.SUCCESS, report.getResult());
    assertEquals("false accepts in cars", report.getText());
    assertEquals(2, device.gateway.status().getReleaseCounter(), "the highest ever committed");
  }

  @Test
  void revertInTheTrial_goesBackAtOnce() {
    device.on();
    device.tell(TestDevice.install("c1", NEW));
    device.tell(TestDevice.revert("c2", OLD));
    assertEquals("hey-nova:1.0.0", device.listening.listensWith());
    assertEquals("c2", device.gateway.report().getCommandId());
    assertEquals("ROLLED_BACK", device.gateway.report().getState().name());
  }

  @Test
  void revertWhileDownloading_stopsAndKeepsTheOldModel() {
    device.registry.silent = true;
    device.on();
    device.tell(TestDevice.install("c1", NEW));
    device.tell(TestDevice.revert("c2", OLD));
    assertEquals("c2", device.gateway.report().getCommandId());
    assertEquals("ROLLED_BACK", device.gateway.report().getState().name());
    assertEquals("hey-nova:1.0.0", device.listening.listensWith());
  }

  @Test
  void revertToAReleaseThatTheOtherSlotLost_downloadsItAlthoughItIsOlder() {
    device.on();
    device.tell(TestDevice.install("c1", NEW));
    device.passTrial();
    device.flash.rot(Slot.SLOT_A, Part.MODEL);

    device.tell(TestDevice.revert("c2", OLD));

    assertEquals("hey-nova:1.0.0", device.listening.listensWith());
    assertEquals("ROLLED_BACK", device.gateway.report().getState().name());
    assertTrue(
        device.registry.requests.stream()
            .anyMatch(request -> request.url().equals(TestRegistry.modelUrl(OLD))));
  }

  @Test
  void cancelWhileDownloading_endsIt() {
    device.registry.silent = true;
    device.on();
    device.tell(TestDevice.install("c1", NEW));
    device.tell(TestDevice.cancel("c2"));
    UpdateReport report = device.gateway.report();
    assertEquals("c2", report.getCommandId());
    assertEquals("FAILED", report.getState().name());
    assertEquals(UpdateResult.UPDATE_CANCELLED, report.getResult());
    device.tell(TestDevice.install("c1", NEW));
    assertTrue(device.agent.record().state() instanceof UpdateState.Idle, "c1 is over");
  }

  @Test
  void cancelInTheTrial_comesTooLate() {
    device.on();
    device.tell(TestDevice.install("c1", NEW));
    device.tell(TestDevice.cancel("c2"));
    assertEquals("TRIAL", device.gateway.report().getState().name());
    device.passTrial();
    assertEquals("COMMITTED", device.gateway.report().getState().name());
  }

  @Test
  void newOfferWhileDownloading_replacesTheOldOne() {
    TestRelease newer = TestRelease.of("hey-nova:1.2.0", 3);
    device.registry.publish(newer);
    device.registry.silent = true;
    device.on();
    device.tell(TestDevice.install("c1", NEW));
    device.registry.silent = false;
    device.tell(TestDevice.install("c2", newer));
    assertEquals("hey-nova:1.2.0", device.listening.listensWith());
  }

  @Test
  void newOfferInTheTrial_waitsForItsEnd() {
    TestRelease newer = TestRelease.of("hey-nova:1.2.0", 3);
    device.registry.publish(newer);
    device.on();
    device.tell(TestDevice.install("c1", NEW));
    device.tell(TestDevice.install("c2", newer));
    assertEquals("hey-nova:1.1.0", device.listening.listensWith());
    device.passTrial();
    assertEquals("hey-nova:1.2.0", device.listening.listensWith());
    assertTrue(device.gateway.reported().contains("COMMITTED"));
  }

  @Test
  void releaseThatListensAlready_isReportedCommitted() {
    device.on();
    device.tell(TestDevice.install("c1", OLD));
    assertEquals("COMMITTED", device.gateway.report().getState().name());
    assertEquals("this release listens already", device.gateway.report().getText());
    assertEquals(0, device.registry.requests.size());
  }

  @Test
  void commandThatExpired_isRejected() {
    device.on();
    device.tell(TestDevice.install("c1", NEW).toBuilder().setExpiresAtMs(1000).build());
    assertEquals("REJECTED", device.gateway.report().getState().name());
    assertEquals("the command expired at 1970-01-01T00:00:01Z", device.gateway.report().getText());
  }

  @Test
  void commandThatCannotBeUnderstood_isRejectedOrIgnored() {
    device.on();
    device.agent.onCommand(new byte[] {(byte) 0xff, 1, 2});
    assertEquals(1, device.gateway.statuses.size());
    device.tell(
        TestDevice.install("c1", NEW).toBuilder()
            .setInstall(Install.newBuilder().setRelease("nonsense"))
            .build());
    assertEquals("REJECTED", device.gateway.report().getState().name());
    assertEquals(
        "director's order: action is CANCEL, the command says INSTALL",
        device.gateway.report().getText());
  }

  @Test
  void heartbeats_cutTimeIntoIntervalsWithoutGapOrOverlap() {
    device.on();
    device.pass(Duration.ofHours(2));
    List<Heartbeat> heartbeats = device.gateway.heartbeats;
    assertTrue(heartbeats.size() >= 8, heartbeats.size() + " heartbeats");
    long start = heartbeats.getFirst().getIntervalStartMs();
    assertTrue(heartbeats.get(0).getIntervalMs() < 900_000, "the first is cut at random");
    assertEquals(900_000, heartbeats.get(1).getIntervalMs());
    for (int i = 0; i < heartbeats.size(); i++) {
      Heartbeat heartbeat = heartbeats.get(i);
      assertEquals(i, heartbeat.getSequence());
      assertEquals(1, heartbeat.getBootId());
      assertEquals(start, heartbeat.getIntervalStartMs());
      assertEquals(heartbeat.getIntervalMs(), heartbeat.getListeningMs());
      assertEquals("hey-nova:1.0.0", heartbeat.getRelease());
      start += heartbeat.getIntervalMs();
    }
  }

  @Test
  void listeningSeenBeforeTheClockIsRead_isNeverLongerThanItsInterval() {
    device.on();
    device.pass(Duration.ofMinutes(20));
    device.listening.aheadMillis = 40;
    device.pass(Duration.ofMinutes(20));
    assertTrue(
        device.gateway.heartbeats.stream()
            .anyMatch(heartbeat -> heartbeat.getListeningMs() == 900_040));
    for (Heartbeat heartbeat : device.gateway.heartbeats) {
      assertTrue(heartbeat.getListeningMs() <= heartbeat.getIntervalMs(), heartbeat.toString());
    }
  }

  @Test
  void environmentChange_closesTheInterval() {
    device.on();
    device.pass(Duration.ofSeconds(30));
    device.agent.onEnvironmentChange();
    device.listening.environment = Environment.CAR;
    device.pass(Duration.ofMinutes(20));
    assertEquals(Environment.KITCHEN, device.gateway.heartbeats.get(0).getEnvironment());
    assertEquals(30_000, device.gateway.heartbeats.get(0).getIntervalMs());
    assertEquals(Environment.CAR, device.gateway.heartbeats.get(1).getEnvironment());
  }

  @Test
  void modelChange_closesTheIntervalOfTheOldModel() {
    device.on();
    device.pass(Duration.ofSeconds(30));
    device.listening.falseAccepts = 3;
    device.tell(TestDevice.install("c1", NEW));
    Heartbeat last = device.gateway.heartbeats.getLast();
    assertEquals("hey-nova:1.0.0", last.getRelease());
    assertEquals(3, last.getFalseAccepts());
    device.passTrial();
    assertEquals("hey-nova:1.1.0", device.gateway.heartbeats.getLast().getRelease());
    assertEquals(Slot.SLOT_B, device.gateway.heartbeats.getLast().getSlot());
  }

  @Test
  void heartbeatsMadeOffline_areSentInOrderOnceConnected() {
    device.on();
    device.agent.onDisconnected();
    device.pass(Duration.ofHours(3));
    assertTrue(device.gateway.heartbeats.isEmpty());
    int waiting = device.agent.unsent().size();
    assertTrue(waiting >= 12, waiting + " waiting");
    assertEquals(0, device.agent.unsent().get(5).getConnectivityConnectedMs());

    device.agent.onConnected();
    device.time.settle();

    assertEquals(waiting, device.gateway.heartbeats.size());
    assertTrue(device.agent.unsent().isEmpty());
    for (int i = 0; i < waiting; i++) {
      assertEquals(i, device.gateway.heartbeats.get(i).getSequence());
    }
  }

  @Test
  void heartbeatsBeyondTheCapacity_areDroppedOldestFirstAndCounted() {
    device.on();
    device.agent.onDisconnected();
    device.pass(Duration.ofHours(30));
    Counters counters = device.agent.counters();
    assertEquals(96, device.agent.unsent().size());
    assertTrue(counters.heartbeatsDropped() > 0);
    assertEquals(
        counters.heartbeatsMade(),
        counters.heartbeatsAcknowledged() + counters.heartbeatsDropped() + 96);
    assertEquals(counters.heartbeatsDropped(), device.agent.unsent().getFirst().getSequence());
  }

  @Test
  void heartbeatsBeyondTheCapacity_areToldByALaterOne() {
    device.on();
    device.agent.onDisconnected();
    device.pass(Duration.ofHours(30));
    long dropped = device.agent.counters().heartbeatsDropped();
    device.agent.onConnected();
    device.time.settle();
    assertEquals(
        dropped,
        device.gateway.heartbeats.stream().mapToLong(Heartbeat::getDroppedHeartbeats).sum());
  }

  @Test
  void heartbeatsThatWaitedWhenThePowerWasCut_areSentFirst() {
    TornMedium medium = new TornMedium(96, new SplittableRandom(1));
    device.outbox = medium::open;
    device.powerCut().on();
    device.agent.onDisconnected();
    device.pass(Duration.ofHours(2));
    List<Heartbeat> waiting = device.agent.unsent();
    assertTrue(waiting.size() >= 8, waiting.size() + " waiting");
    medium.powerCut();
    device.powerCut().on();
    assertEquals(waiting, device.gateway.heartbeats);
    device.pass(Duration.ofMinutes(20));
    assertEquals(2, device.gateway.heartbeats.getLast().getBootId());
    assertEquals(
        0, device.gateway.heartbeats.stream().mapToInt(Heartbeat::getDroppedHeartbeats).sum());
  }

  @Test
  void wallClockThatJumps_losesAndDoublesNothing() {
    device.on();
    for (int days : List.of(-20_454, 40_000, -19_000, 4400, -1, 1, 0, -60_000, 55_054)) {
      device.pass(Duration.ofMinutes(7));
      device.time.jump(Duration.ofDays(days));
      device.pass(Duration.ofMinutes(31));
    }
    device.agent.closeInterval();
    device.time.settle();
    List<Heartbeat> heartbeats = device.gateway.heartbeats;
    for (int i = 0; i < heartbeats.size(); i++) {
      assertEquals(i, heartbeats.get(i).getSequence());
      assertTrue(heartbeats.get(i).getIntervalMs() <= 900_000, heartbeats.get(i).toString());
    }
    long passedMillis = Duration.ofMinutes(9 * 38).toMillis();
    assertEquals(passedMillis, heartbeats.stream().mapToLong(Heartbeat::getIntervalMs).sum());
    assertEquals(passedMillis, heartbeats.stream().mapToLong(Heartbeat::getListeningMs).sum());
    assertEquals(passedMillis, heartbeats.getLast().getUptimeMs());
    assertTrue(
        heartbeats.stream().anyMatch(beat -> beat.getIntervalStartMs() < 0), "before 1970 too");
  }

  @Test
  void everyBoot_countsInFlash() {
    device.on();
    device.powerCut().on();
    device.powerCut().on();
    assertEquals(3, device.gateway.status().getBootId());
    assertEquals(0, device.gateway.status().getSequence());
  }

  @Test
  void readOnlyFlash_letsNothingStart() {
    device.flash.readOnly = true;
    IOException refused = assertThrows(IOException.class, () -> device.agent.start());
    assertEquals("read-only (remount it writable)", refused.getMessage());
    assertEquals("nothing", device.listening.listensWith());
  }

  @Test
  void timeBeforeTheFirstModel_makesNoHeartbeat() {
    device.pass(Duration.ofMillis(5));
    device.on();
    assertTrue(device.gateway.heartbeats.isEmpty());
    device.pass(Duration.ofMinutes(20));
    assertEquals("hey-nova:1.0.0", device.gateway.heartbeats.getFirst().getRelease());
    assertEquals(0, device.gateway.heartbeats.getFirst().getSequence());
  }

  @Test
  void flashThatBecomesReadOnly_failsTheOfferAndGoesOnWhenItIsWritableAgain() {
    device.on();
    device.flash.readOnly = true;
    device.tell(TestDevice.install("c1", NEW));
    assertEquals(UpdateResult.NOT_ENOUGH_FLASH, device.gateway.report().getResult());
    assertEquals("hey-nova:1.0.0", device.listening.listensWith());

    device.flash.readOnly = false;
    device.tell(TestDevice.install("c1", NEW));
    device.passTrial();
    assertEquals("COMMITTED", device.gateway.report().getState().name());
  }

  @Test
  void flashThatCannotKeepTheCommit_triesAgainUntilItCan() {
    device.on();
    device.tell(TestDevice.install("c1", NEW));
    device.flash.readOnly = true;
    device.passTrial();
    assertTrue(device.agent.record().state() instanceof UpdateState.Trial);
    device.flash.readOnly = false;
    device.pass(Duration.ofMinutes(1));
    assertEquals("COMMITTED", device.gateway.report().getState().name());
  }

  @Test
  void activeSlotThatRots_isReplacedByTheOtherAtTheNextBoot() {
    device.on();
    device.tell(TestDevice.install("c1", NEW));
    device.passTrial();
    device.flash.rot(Slot.SLOT_B, Part.MODEL);
    device.powerCut().on();
    assertEquals("hey-nova:1.0.0", device.listening.listensWith());
    assertEquals(Slot.SLOT_A, device.gateway.status().getActiveSlot());
    assertEquals("", device.gateway.status().getSlots(1).getRelease());
  }
}
