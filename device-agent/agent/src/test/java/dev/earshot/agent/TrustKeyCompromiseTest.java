package dev.earshot.agent;

import static dev.earshot.agent.AttackedDevice.NEW;
import static dev.earshot.agent.AttackedDevice.OLD;
import static dev.earshot.agent.AttackedDevice.THIEF;
import static dev.earshot.agent.AttackedDevice.TRUST;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.earshot.protocol.Digest;
import dev.earshot.protocol.trust.Envelope;
import dev.earshot.protocol.trust.LocalTrust;
import dev.earshot.protocol.trust.Metadata;
import dev.earshot.protocol.trust.RoleKeys;
import dev.earshot.protocol.trust.Root;
import dev.earshot.protocol.trust.SigningKey;
import dev.earshot.protocol.trust.Snapshot;
import dev.earshot.protocol.trust.Targets;
import dev.earshot.protocol.trust.Timestamp;
import dev.earshot.protocol.trust.TrustAnchors;
import dev.earshot.protocol.v1.DeviceCommand;
import dev.earshot.protocol.v1.UpdateResult;
import java.io.IOException;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** One role's key is stolen: what the thief can do with it, what not, and how it ends. */
class TrustKeyCompromiseTest {
  private static final Instant FAR = Instant.parse("2039-01-01T00:00:00Z");
  private static final TestRelease EVIL = TestRelease.of("hey-nova:1.1.0", 7, "ndp120", FAR, THIEF);

  private final AttackedDevice attacked = new AttackedDevice();
  private final TestDevice device = attacked.device;
  private final TestRegistry registry = attacked.registry;

  /** Two of three must sign a root. */
  private static final List<SigningKey> ROOTS =
      List.of(SigningKey.generate(), SigningKey.generate(), SigningKey.generate());

  private static Root rootOfThree() {
    Map<Root.Role, RoleKeys> roles = new EnumMap<>(TRUST.firstImageRoot().metadata().roles());
    roles.put(Root.Role.ROOT, RoleKeys.of(2, ROOTS.stream().map(SigningKey::publicKey).toList()));
    return new Root(1, TRUST.expires(), roles);
  }

  private static AttackedDevice deviceOfThree() throws Exception {
    return new AttackedDevice(
        new TestDevice(
            OLD,
            TrustAnchors.of(
                Envelope.sign(rootOfThree(), ROOTS.subList(0, 2)).bytes(),
                TRUST.firstDirectorRoot().bytes())));
  }

  private static Root takingOver() {
    RoleKeys thiefs = RoleKeys.of(THIEF.publicKey());
    return rootOfThree()
        .next(
            FAR,
            Map.of(
                Root.Role.ROOT, thiefs,
                Root.Role.TARGETS, thiefs,
                Root.Role.SNAPSHOT, thiefs,
                Root.Role.TIMESTAMP, thiefs));
  }

  @Test
  void rootKeyBelowTheThreshold_cannotRotateAndIsRotatedOut() throws Exception {
    AttackedDevice mine = deviceOfThree();
    mine.registry.forge(
        "/v1/trust/image/2.root.json",
        Envelope.sign(takingOver(), List.of(ROOTS.get(0), THIEF)).bytes());
    mine.install("c1", NEW);
    mine.assertHeld(
        UpdateResult.INTEGRITY_CHECK_FAILURE,
        "image 2.root.json by the keys before: 1 valid signatures (expected: at least 2");

    SigningKey fresh = SigningKey.generate();
    Root next =
        rootOfThree()
            .next(
                TRUST.expires(),
                Map.of(
                    Root.Role.ROOT,
                    RoleKeys.of(
                        2,
                        List.of(
                            ROOTS.get(1).publicKey(),
                            ROOTS.get(2).publicKey(),
                            fresh.publicKey()))));
    mine.registry.forge(
        "/v1/trust/image/2.root.json",
        Envelope.sign(next, List.of(ROOTS.get(1), ROOTS.get(2), fresh)).bytes());
    mine.install("c2", NEW);
    assertEquals("COMMITTED", mine.report().getState().name(), mine.report().getText());
  }

  @Test
  void thresholdMetByOneKeyUnderTwoIds_isRefused() throws Exception {
    AttackedDevice mine = deviceOfThree();
    ObjectMapper json = new ObjectMapper();
    byte[] once = Envelope.sign(takingOver(), List.of(ROOTS.get(0), THIEF)).bytes();
    ObjectNode twice = (ObjectNode) json.readTree(once);
    ObjectNode copy = twice.get("signatures").get(0).deepCopy();
    twice.withArray("signatures").add(copy.deepCopy()); // the same id again
    twice.withArray("signatures").add(copy.put("keyid", ROOTS.get(1).publicKey().keyId()));
    mine.registry.forge("/v1/trust/image/2.root.json", json.writeValueAsBytes(twice));
    mine.install("c1", NEW);
    mine.assertHeld(
        UpdateResult.INTEGRITY_CHECK_FAILURE,
        "image 2.root.json by the keys before: 1 valid signatures (expected: at least 2");
  }

  @Test
  void keyUnderAnIdThatIsNotItsOwn_isRefused() throws Exception {
    ObjectMapper json = new ObjectMapper();
    byte[] good =
        Envelope.sign(
                TRUST.firstImageRoot().metadata().next(FAR, Map.of()), List.of(TRUST.imageRoot()))
            .bytes();
    ObjectNode root = (ObjectNode) json.readTree(good);
    ObjectNode keys = (ObjectNode) root.get("signed").get("keys");
    String id = TRUST.targets().publicKey().keyId();
    ((ObjectNode) keys.get(id).get("keyval")).put("public", THIEF.publicKey().hex());
    registry.forge("/v1/trust/image/2.root.json", json.writeValueAsBytes(root));
    attacked.install("c1", NEW);
    attacked.assertHeld(UpdateResult.INTEGRITY_CHECK_FAILURE, "keys: " + id + " (expected: the");
    attacked.assertRecovers("c2", NEW);
  }

  @Test
  void publishersKey_withoutTheDirector_installsNothing() {
    listByThief(TRUST.publisher(), EVIL);
    DeviceCommand command = TestDevice.install("c1", EVIL);
    attacked.tell(command, attacked.order(command, 1), THIEF);
    attacked.assertHeld(UpdateResult.INTEGRITY_CHECK_FAILURE, "director's order: 0 valid");
    assertEquals(0, registry.fileRequests().size());
  }

  /** A role document that lists that, with the snapshot and timestamp of a stolen registry. */
  private void listByThief(SigningKey role, TestRelease release) {
    Envelope<Targets> signed =
        Envelope.sign(
            new Targets(
                99,
                FAR,
                Map.of(
                    release.signed().manifest().release().manifestPath(),
                    release.signed().target()),
                List.of()),
            List.of(role));
    registry.forge("/v1/trust/image/99.publisher.json", signed.bytes());
    registry.forge("/v1/releases/hey-nova/1.1.0/manifest", release.envelope());
    online(
        99,
        Map.of(
            "targets.json", file("1.targets.json"),
            "publisher.json", Metadata.FileMeta.of(signed)));
  }

  private Metadata.FileMeta file(String name) {
    byte[] bytes = registry.image().file(name).orElseThrow();
    return new Metadata.FileMeta(1, bytes.length, Digest.of(bytes));
  }

  private void online(long version, Map<String, Metadata.FileMeta> files) {
    Envelope<Snapshot> snapshot =
        Envelope.sign(new Snapshot(version, FAR, files), List.of(TRUST.online()));
    registry.forge("/v1/trust/image/" + version + ".snapshot.json", snapshot.bytes());
    attacked.forgeImage(
        "timestamp.json",
        new Timestamp(version, FAR, Metadata.FileMeta.of(snapshot)),
        TRUST.online());
  }

  @Test
  void publishersKey_isRotatedOutByTheTargetsRole() {
    SigningKey fresh = SigningKey.generate();
    Targets next =
        Targets.delegating(
            2,
            TRUST.expires(),
            List.of(
                Targets.Delegation.ofAll(LocalTrust.PUBLISHER, RoleKeys.of(fresh.publicKey()))));
    Envelope<Targets> targets = Envelope.sign(next, List.of(TRUST.targets()));
    registry.forge("/v1/trust/image/2.targets.json", targets.bytes());
    // the thief's list, by the stolen key
    Envelope<Targets> stolen =
        Envelope.sign(
            new Targets(
                99, FAR, Map.of("hey-nova/1.1.0/manifest.json", NEW.signed().target()), List.of()),
            List.of(TRUST.publisher()));
    registry.forge("/v1/trust/image/99.publisher.json", stolen.bytes());
    online(
        99,
        Map.of(
            "targets.json", Metadata.FileMeta.of(targets),
            "publisher.json", Metadata.FileMeta.of(stolen)));
    attacked.install("c1", NEW);
    attacked.assertHeld(UpdateResult.INTEGRITY_CHECK_FAILURE, "99.publisher.json: 0 valid");
  }

  @Test
  void manifestByAKeyThatIsNotThePublishersAnyMore_isRefusedThoughItIsListed() {
    TestRelease old = TestRelease.of("hey-nova:1.2.0", 3, "ndp120", FAR, THIEF);
    registry.publish(old); // listed by the publisher, signed by another
    attacked.install("c1", old);
    attacked.assertHeld(UpdateResult.INTEGRITY_CHECK_FAILURE, "signatures: 0 valid");
    attacked.assertRecovers("c2", NEW);
  }

  @Test
  void targetsKey_withoutTheOnlineKey_changesNothing() {
    Targets taken =
        Targets.delegating(
            1, FAR, List.of(Targets.Delegation.ofAll("publisher", RoleKeys.of(THIEF.publicKey()))));
    attacked.forgeImage("1.targets.json", taken, TRUST.targets());
    attacked.install("c1", NEW);
    attacked.assertHeld(UpdateResult.INTEGRITY_CHECK_FAILURE, "1.targets.json");
    attacked.assertRecovers("c2", NEW);
  }

  @Test
  void targetsKey_isRotatedOutByTheRoot() throws Exception {
    SigningKey fresh = SigningKey.generate();
    Root next =
        TRUST
            .firstImageRoot()
            .metadata()
            .next(FAR, Map.of(Root.Role.TARGETS, RoleKeys.of(fresh.publicKey())));
    registry.become(
        registry.image().withRoot(Envelope.sign(next, List.of(TRUST.imageRoot())).bytes()),
        TRUST.online());
    attacked.install("c1", NEW); // the targets are still those of the stolen key
    attacked.assertHeld(UpdateResult.INTEGRITY_CHECK_FAILURE, "1.targets.json: 0 valid");
    registry.become(
        registry
            .image()
            .withTargets(
                Envelope.sign(
                        Targets.delegating(
                            2,
                            FAR,
                            List.of(
                                Targets.Delegation.ofAll(
                                    "publisher", RoleKeys.of(TRUST.publisher().publicKey())))),
                        List.of(fresh))
                    .bytes(),
                device.time.instant()),
        TRUST.online());
    attacked.assertRecovers("c2", NEW);
  }

  @Test
  void onlineKey_canHideReleasesButInstallsNothing() {
    online(98, Map.of("targets.json", file("1.targets.json")));
    attacked.install("c1", NEW);
    attacked.assertHeld(
        UpdateResult.INTEGRITY_CHECK_FAILURE, "snapshot.json does not list publisher.json");
    listByThief(THIEF, EVIL);
    attacked.install("c2", EVIL);
    attacked.assertHeld(UpdateResult.INTEGRITY_CHECK_FAILURE, "99.publisher.json: 0 valid");
    registry.heal();
    attacked.rotateOnline();
    attacked.assertRecovers("c3", NEW);
  }

  @Test
  void fastForward_ofTheTimestamp_isOverWhenTheOnlineKeyIsRotated() {
    attacked.forgeImage(
        "timestamp.json",
        new Timestamp(Long.MAX_VALUE, FAR, new Metadata.FileMeta(3, 10, OLD.signed().digest())),
        TRUST.online());
    attacked.install("c1", NEW);
    registry.heal();
    attacked.install("c2", NEW);
    attacked.assertHeld(UpdateResult.UPDATE_FAILED, "timestamp.json: version ");
    attacked.rotateOnline();
    attacked.assertRecovers("c3", NEW);
  }

  @Test
  void fastForward_ofTheSnapshot_isOverWhenTheOnlineKeyIsRotated() {
    Metadata.FileMeta far = new Metadata.FileMeta(Long.MAX_VALUE, 10, OLD.signed().digest());
    online(99, Map.of("targets.json", far, "publisher.json", far));
    attacked.install("c1", NEW);
    attacked.assertHeld(UpdateResult.INVALID_URI, Long.MAX_VALUE + ".targets.json");
    registry.heal();
    attacked.rotateOnline();
    attacked.assertRecovers("c2", NEW);
  }

  @Test
  void directorsKey_ordersOnlyWhatThePublisherListsForThisChip() {
    registry.forge("/v1/releases/hey-nova/1.1.0/manifest", EVIL.envelope());
    DeviceCommand evil = TestDevice.install("thief-1", EVIL);
    attacked.tell(evil, attacked.order(evil, 1), TRUST.director());
    attacked.assertHeld(UpdateResult.INTEGRITY_CHECK_FAILURE, "its publisher lists");
    TestRelease wrongChip =
        TestRelease.of("hey-nova:1.2.0", 3, "ndp101", FAR, TestRelease.PUBLISHER);
    registry.publish(wrongChip);
    DeviceCommand chip = TestDevice.install("thief-2", wrongChip);
    attacked.tell(chip, attacked.order(chip, 2), TRUST.director());
    attacked.assertHeld(UpdateResult.UNSUPPORTED_PACKAGE_TYPE, "not ndp120");
  }

  @Test
  void directorsKey_canGoBackToWhatThePublisherStillLists() throws IOException {
    attacked.install("c1", NEW);
    DeviceCommand back = TestDevice.revert("thief", OLD);
    attacked.tell(back, attacked.order(back, 50), TRUST.director());
    attacked.assertRunsOn(OLD); // documented: a downgrade by revert is the director's right
    assertTrue(device.agent.record().floor("hey-nova") >= 1);
  }
}
