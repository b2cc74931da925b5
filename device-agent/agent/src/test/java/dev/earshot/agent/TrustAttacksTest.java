package dev.earshot.agent;

import static dev.earshot.agent.AttackedDevice.NEW;
import static dev.earshot.agent.AttackedDevice.NEWER;
import static dev.earshot.agent.AttackedDevice.OLD;
import static dev.earshot.agent.AttackedDevice.THIEF;
import static dev.earshot.agent.AttackedDevice.TRUST;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.earshot.agent.port.Flash.Part;
import dev.earshot.protocol.Digest;
import dev.earshot.protocol.trust.Envelope;
import dev.earshot.protocol.trust.ImageRepository;
import dev.earshot.protocol.trust.Metadata;
import dev.earshot.protocol.trust.Snapshot;
import dev.earshot.protocol.trust.Targets;
import dev.earshot.protocol.trust.Timestamp;
import dev.earshot.protocol.v1.Slot;
import dev.earshot.protocol.v1.UpdateResult;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The attacks that TUF (section 1.5.2) and Uptane (section on threats) name, by whoever holds the
 * registry or the way to it, without anybody's keys unless the test says so.
 */
class TrustAttacksTest {
  private static final Instant FAR = Instant.parse("2039-01-01T00:00:00Z");

  private final AttackedDevice attacked = new AttackedDevice();
  private final TestDevice device = attacked.device;
  private final TestRegistry registry = attacked.registry;

  @Test
  void eavesdropping_findsNothingThatNamesTheDeviceOrIsSecret() {
    attacked.install("c1", NEW);
    for (var request : registry.requests) {
      assertFalse(request.url().contains("kitchen-1"), request.url());
      assertFalse(request.url().contains("home"), request.url());
    }
    assertTrue(registry.requests.size() >= 8, registry.requests.size() + " requests");
  }

  @Test
  void dropRequest_ofEverything_isReported() {
    registry.unreachable = true;
    attacked.install("c1", NEW);
    attacked.assertHeld(UpdateResult.CONNECTION_LOST, "connection refused");
    registry.unreachable = false;
    attacked.assertRecovers("c2", NEW);
  }

  @ParameterizedTest
  @ValueSource(strings = {"timestamp", "snapshot", "targets", "publisher"})
  void dropRequest_ofOneDocument_isReportedByItsName(String name) {
    String file = newest(name);
    registry.drop("/v1/trust/image/" + file);
    attacked.install("c1", NEW);
    attacked.assertHeld(UpdateResult.INVALID_URI, file + ": HTTP 404");
    attacked.assertRecovers("c2", NEW);
  }

  /** The newest file of that role. */
  private String newest(String name) {
    return registry.image().files().keySet().stream()
        .filter(file -> file.endsWith(name + ".json"))
        .max(Comparator.comparingInt(String::length).thenComparing(Comparator.naturalOrder()))
        .orElseThrow();
  }

  @ParameterizedTest
  @ValueSource(strings = {"timestamp.json", "snapshot.json", "targets.json", "publisher.json"})
  void slowRetrieval_ofMetadata_endsAfterABoundedTime(String name) {
    registry.dripping = name;
    attacked.install("c1", NEW);
    attacked.assertHeld(UpdateResult.CONNECTION_LOST, name + ": not complete after ");
    attacked.assertRecovers("c2", NEW);
  }

  @Test
  void slowRetrieval_ofTheModel_endsAfterABoundedTime() {
    registry.dripping = "/blobs/";
    attacked.install("c1", NEW);
    attacked.assertHeld(UpdateResult.CONNECTION_LOST, ": not complete after ");
    attacked.assertRecovers("c2", NEW);
  }

  @Test
  void freeze_showsWhenTheTimestampExpires() {
    registry.forge("/v1/trust/image/timestamp.json", file("timestamp.json"));
    device.pass(Duration.ofDays(8));
    attacked.install("c1", NEW);
    attacked.assertHeld(UpdateResult.UPDATE_FAILED, "timestamp.json expired at 2026-01-08");
    attacked.assertRecovers("c2", NEW);
  }

  @Test
  void freeze_ofADeviceWhoseClockStandsIn1970_showsByTheOrdersTime() {
    device.time.clockError = Duration.ofDays(-56 * 365);
    registry.forge("/v1/trust/image/timestamp.json", file("timestamp.json"));
    device.pass(Duration.ofDays(8));
    attacked.install("c1", NEW);
    attacked.assertHeld(UpdateResult.UPDATE_FAILED, "timestamp.json expired at 2026-01-08");
    attacked.assertRecovers("c2", NEW);
  }

  @Test
  void freeze_byTurningTheClockBack_showsByTheTimeThatWasSeenBefore() {
    byte[] frozen = file("timestamp.json");
    device.pass(Duration.ofDays(8));
    attacked.install("c1", OLD);
    assertEquals("this release listens already", attacked.report().getText());
    registry.forge("/v1/trust/image/timestamp.json", frozen);
    device.time.clockError = Duration.ofDays(-8);
    // an order from the time to which the clock was turned back, kept from the device until now
    var command = TestDevice.install("c2", NEW);
    attacked.tell(
        command,
        TRUST.sign(
            TestDevice.order(command, TestDevice.ID, 9, device.time.instant().minusSeconds(60))));
    attacked.assertHeld(UpdateResult.UPDATE_FAILED, "timestamp.json expired at");
  }

  @Test
  void timestampOfTheKnownVersion_thatHasExpired_isRefused() {
    attacked.install("c1", OLD.retuned("hey-nova:1.0.1", 2, 90)); // not listed: only metadata
    registry.forge("/v1/trust/image/timestamp.json", file("timestamp.json"));
    device.pass(Duration.ofDays(9));
    attacked.install("c2", NEW);
    attacked.assertHeld(UpdateResult.UPDATE_FAILED, "timestamp.json expired at");
    attacked.assertRecovers("c3", NEW);
  }

  @Test
  void partialBundle_withAMissingFile_isNotInstalled() {
    registry.drop(TestRegistry.modelUrl(NEW).substring(TestRegistry.URL.length()));
    attacked.install("c1", NEW);
    attacked.assertHeld(UpdateResult.INVALID_URI, "HTTP 404");
    assertEquals(0, device.flash.length(Slot.SLOT_B, Part.MODEL));
    attacked.assertRecovers("c2", NEW);
  }

  @Test
  void partialBundle_withHalfOfAFile_isNotInstalled() {
    registry.forge(
        TestRegistry.modelUrl(NEW).substring(TestRegistry.URL.length()),
        Arrays.copyOf(NEW.model(), TestRelease.MODEL_BYTES / 2));
    attacked.install("c1", NEW);
    attacked.assertHeld(UpdateResult.CONNECTION_LOST, "less than the manifest declares");
    attacked.assertRecovers("c2", NEW);
  }

  @Test
  void partialBundle_withAFileOfAnotherRelease_isNotInstalled() {
    registry.forge(TestRegistry.modelUrl(NEW).substring(TestRegistry.URL.length()), OLD.model());
    attacked.install("c1", NEW);
    attacked.assertHeld(UpdateResult.INTEGRITY_CHECK_FAILURE, "MODEL does not have the digest");
    attacked.assertRecovers("c2", NEW);
  }

  @Test
  void rollback_ofTheTimestamp_isRefused() {
    byte[] before = file("timestamp.json");
    registry.publish(NEWER);
    registry.become(listed(NEWER), TRUST.online());
    attacked.install("c1", OLD.retuned("hey-nova:1.0.1", 2, 90));
    registry.forge("/v1/trust/image/timestamp.json", before);
    attacked.install("c2", NEW);
    attacked.assertHeld(UpdateResult.UPDATE_FAILED, "timestamp.json: version");
    attacked.assertRecovers("c3", NEW);
  }

  /** The image side with one more release. */
  private ImageRepository listed(TestRelease release) {
    return TRUST.list(
        registry.image(),
        release.signed().manifest().release().manifestPath(),
        release.signed().target(),
        device.time.instant());
  }

  @Test
  void rollback_ofWhatAPublisherLists_isRefusedThoughTheOnlineKeyWasStolen() {
    ImageRepository now = registry.image();
    long version = now.role("publisher").orElseThrow().version();
    attacked.install("c1", OLD.retuned("hey-nova:1.0.1", 2, 90));
    Snapshot old =
        new Snapshot(
            99,
            FAR,
            Map.of(
                "targets.json",
                meta("1.targets.json"),
                "publisher.json",
                meta("1.publisher.json")));
    online(old, 99);
    attacked.install("c2", NEW);
    assertTrue(version > 1, "it had listed before");
    attacked.assertHeld(
        UpdateResult.UPDATE_FAILED,
        "publisher.json in 99.snapshot.json: version 1 (expected: at least " + version);
    registry.heal();
    attacked.rotateOnline();
    attacked.assertRecovers("c3", NEW);
  }

  private Metadata.FileMeta meta(String file) {
    byte[] bytes = file(file);
    return new Metadata.FileMeta(
        Long.parseLong(file.substring(0, file.indexOf('.'))), bytes.length, Digest.of(bytes));
  }

  /** A snapshot, and a timestamp of it, by who holds the online key. */
  private void online(Snapshot snapshot, long timestampVersion) {
    Envelope<Snapshot> signed = Envelope.sign(snapshot, List.of(TRUST.online()));
    registry.forge("/v1/trust/image/" + snapshot.version() + ".snapshot.json", signed.bytes());
    attacked.forgeImage(
        "timestamp.json",
        new Timestamp(timestampVersion, FAR, Metadata.FileMeta.of(signed)),
        TRUST.online());
  }

  @Test
  void snapshotFromWhichARoleIsGone_isRefused() {
    attacked.install("c1", OLD.retuned("hey-nova:1.0.1", 2, 90));
    online(new Snapshot(99, FAR, Map.of("targets.json", meta("1.targets.json"))), 99);
    attacked.install("c2", NEW);
    attacked.assertHeld(UpdateResult.UPDATE_FAILED, "publisher.json is gone");
    registry.heal();
    attacked.rotateOnline();
    attacked.assertRecovers("c3", NEW);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/v1/trust/director/2.root.json",
        "/v1/trust/image/2.root.json",
        "/v1/trust/image/timestamp.json",
        "snapshot",
        "targets",
        "publisher",
        "/v1/releases/hey-nova/1.1.0/manifest",
        "self-test",
        "model"
      })
  void endlessData_isCutOffAtTheBoundOfThatFile(String what) {
    registry.forge(path(what), "[".repeat(1 << 20).getBytes(StandardCharsets.UTF_8));
    attacked.install("c1", NEW);
    attacked.assertHeld(UpdateResult.INTEGRITY_CHECK_FAILURE, "more than ");
    assertTrue(registry.allBytesServed < 90_000, registry.allBytesServed + " bytes taken");
    attacked.assertRecovers("c2", NEW);
  }

  private String path(String what) {
    return switch (what) {
      case "snapshot", "targets", "publisher" -> "/v1/trust/image/" + newest(what);
      case "self-test" -> "/v2/hey-nova/blobs/" + NEW.signed().manifest().selfTest().digest();
      case "model" -> "/v2/hey-nova/blobs/" + NEW.signed().manifest().model().digest();
      default -> what;
    };
  }

  @ParameterizedTest
  @ValueSource(strings = {"snapshot", "targets", "publisher"})
  void mixAndMatch_ofGenuineFilesOfDifferentTimes_isRefused(String name) {
    String file = newest(name);
    ImageRepository later = listed(NEWER);
    byte[] other =
        later.files().entrySet().stream()
            .filter(entry -> entry.getKey().endsWith("." + name + ".json"))
            .filter(entry -> !entry.getKey().equals(file))
            .map(Map.Entry::getValue)
            .filter(bytes -> bytes.length <= file(file).length)
            .findFirst()
            .orElseGet(() -> file("1.publisher.json"));
    registry.forge("/v1/trust/image/" + file, other);
    attacked.install("c1", NEW);
    attacked.assertHeld(UpdateResult.INTEGRITY_CHECK_FAILURE, file);
    attacked.assertRecovers("c2", NEW);
  }

  @Test
  void mixAndMatch_ofAManifestWithAnotherReleasesPath_isRefused() {
    registry.forge("/v1/releases/hey-nova/1.1.0/manifest", OLD.envelope());
    attacked.install("c1", NEW);
    attacked.assertHeld(UpdateResult.INTEGRITY_CHECK_FAILURE, "manifest ");
    attacked.assertRecovers("c2", NEW);
  }

  @Test
  void arbitrarySoftware_fromAStolenRegistry_isRefused() {
    TestRelease evil = evil();
    var targets =
        new Targets(
            9, FAR, Map.of("hey-nova/1.1.0/manifest.json", evil.signed().target()), List.of());
    attacked.forgeImage(newest("publisher"), targets, THIEF);
    registry.forge("/v1/releases/hey-nova/1.1.0/manifest", evil.envelope());
    attacked.install("c1", NEW);
    attacked.assertHeld(UpdateResult.INTEGRITY_CHECK_FAILURE, "publisher.json");
    attacked.assertRecovers("c2", NEW);
  }

  private static TestRelease evil() {
    return TestRelease.of("hey-nova:1.1.0", 7, "ndp120", FAR, THIEF);
  }

  @Test
  void arbitrarySoftware_fromAStolenGateway_isRefused() {
    TestRelease evil = evil();
    var command = TestDevice.install("c1", evil);
    device.tellAsItIs(command);
    attacked.assertHeld(
        UpdateResult.INTEGRITY_CHECK_FAILURE, "the command carries no order of the director");
    attacked.tell(command, attacked.order(command, 5), THIEF);
    attacked.assertHeld(UpdateResult.INTEGRITY_CHECK_FAILURE, "director's order: 0 valid");
    assertEquals(0, registry.fileRequests().size(), "nothing of it was fetched");
    attacked.assertRecovers("c1", NEW);
  }

  @Test
  void arbitrarySoftware_fromAStolenRegistryAndGateway_isRefused() {
    TestRelease evil = evil();
    registry.forge("/v1/releases/hey-nova/1.1.0/manifest", evil.envelope());
    Envelope<Targets> role =
        Envelope.sign(
            new Targets(
                99, FAR, Map.of("hey-nova/1.1.0/manifest.json", evil.signed().target()), List.of()),
            List.of(THIEF));
    registry.forge("/v1/trust/image/99.publisher.json", role.bytes());
    // what a stolen registry has: its online key
    online(
        new Snapshot(
            99,
            FAR,
            Map.of(
                "targets.json",
                meta("1.targets.json"),
                "publisher.json",
                Metadata.FileMeta.of(role))),
        99);
    var command = TestDevice.install("c1", evil);
    attacked.tell(command, attacked.order(command, 5), THIEF);
    attacked.assertHeld(UpdateResult.INTEGRITY_CHECK_FAILURE, "director's order: 0 valid");
    // and even with the director's key: the publisher has not signed it
    attacked.tell(command, attacked.order(command, 6), TRUST.director());
    attacked.assertHeld(UpdateResult.INTEGRITY_CHECK_FAILURE, "99.publisher.json: 0 valid");
  }

  @Test
  void wrongChip_isRefusedBeforeAnythingIsFetched() {
    TestRelease other = TestRelease.of("hey-nova:1.2.0", 3, "ndp101", FAR, TestRelease.PUBLISHER);
    registry.publish(other);
    attacked.install("c1", other);
    attacked.assertHeld(
        UpdateResult.UNSUPPORTED_PACKAGE_TYPE, "hey-nova:1.2.0 is for ndp101, not ndp120");
    assertEquals(0, registry.fileRequests().size());
    attacked.assertRecovers("c2", NEW);
  }

  @Test
  void manifestThatSaysLessThanItsListing_isRefused() {
    TestRelease other = TestRelease.of("hey-nova:1.2.0", 3, "ndp101", FAR, TestRelease.PUBLISHER);
    registry.publish(other);
    registry.become(
        TRUST.list(
            registry.image(),
            "hey-nova/1.2.0/manifest.json",
            new Targets.Target(
                other.envelope().length, other.signed().digest(), 3, List.of("ndp120")),
            device.time.instant()),
        TRUST.online());
    attacked.install("c1", other);
    attacked.assertHeld(UpdateResult.UNSUPPORTED_PACKAGE_TYPE, "is for ndp101, not ndp120");
  }

  @Test
  void rollback_ofTheReleaseCounter_isRefusedButForARevert() {
    attacked.install("c1", NEW);
    attacked.install("c2", OLD);
    assertTrue(
        attacked.report().getText().contains("hey-nova:1.0.0 has counter 1 (expected: above 2"),
        attacked.report().getText());
    attacked.assertRunsOn(NEW);
    device.tell(TestDevice.revert("c3", OLD));
    device.pass(Duration.ofHours(1));
    attacked.assertRunsOn(OLD);
  }

  private byte[] file(String name) {
    return registry.image().file(name).orElseThrow();
  }
}
