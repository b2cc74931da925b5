package dev.earshot.registry.trust;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.earshot.protocol.problem.ProblemType;
import dev.earshot.protocol.trust.Envelope;
import dev.earshot.protocol.trust.ImageRepository;
import dev.earshot.protocol.trust.LocalTrust;
import dev.earshot.protocol.trust.MetadataFile;
import dev.earshot.protocol.trust.RoleKeys;
import dev.earshot.protocol.trust.Root;
import dev.earshot.protocol.trust.SigningKey;
import dev.earshot.protocol.trust.Targets;
import dev.earshot.protocol.trust.TrustException;
import dev.earshot.protocol.v1.ReleaseStatus;
import dev.earshot.registry.InMemoryLedger;
import dev.earshot.registry.TestRelease;
import dev.earshot.registry.TestTrust;
import dev.earshot.registry.ledger.Change;
import dev.earshot.registry.ledger.RegistryRecord;
import dev.earshot.registry.ledger.Side;
import dev.earshot.registry.release.PublishedRelease;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the registry takes, and what thieves of the operator's token or of a key can't do to it. */
class TrustPlaneTest {
  private static final LocalTrust KEYS = TestTrust.KEYS;
  private static final Instant EXPIRES = TestRelease.EXPIRES;
  private static final String PATH = "hey-nova/1.0.0/manifest.json";

  private final InMemoryLedger ledger = new InMemoryLedger(TestTrust.initialised());
  private Instant now = TestRelease.NOW;
  private final List<SigningKey> online = new ArrayList<>(List.of(KEYS.online()));
  private TrustPlane registry = registry();

  private TrustPlane registry() {
    return new TrustPlane(
        ledger, new OnlineKeys(online), () -> now, ImageRepository.Validity.DEFAULT);
  }

  @Test
  void listedRelease_isFoundByAFreshClient() throws Exception {
    Targets.Target target = publish("hey-nova:1.0.0", 1);
    accepted(role(1, Map.of(PATH, target), TestRelease.KEY));
    ImageClient client = client();
    client.follow(registry, now);
    assertEquals(target, client.target(registry, PATH, now));
  }

  @Test
  void sameFileAgain_changesNothing() throws Exception {
    publish("hey-nova:1.0.0", 1);
    Envelope<Targets> role = role(1, Map.of(), TestRelease.KEY);
    accepted(role);
    var before = ledger.state();
    assertInstanceOf(Submission.AlreadyThere.class, put("publisher", role));
    assertEquals(
        before.signed().orElseThrow().files(Side.IMAGE),
        ledger.state().signed().orElseThrow().files(Side.IMAGE));
  }

  @Test
  void stolenTokenWithoutPublishersKey_listsNothing() throws Exception {
    Targets.Target target = publish("hey-nova:1.0.0", 1);
    SigningKey thief = SigningKey.generate();
    refused(
        ProblemType.SIGNATURE_REFUSED,
        "publisher.json: 0 valid signatures (expected: at least 1 of the role's 1 keys)",
        put("publisher", role(1, Map.of(PATH, target), thief)));
    Envelope<Targets> ownRole =
        Envelope.sign(
            Targets.delegating(
                2,
                EXPIRES,
                List.of(Targets.Delegation.ofAll("thief", RoleKeys.of(thief.publicKey())))),
            List.of(thief));
    assertEquals(ProblemType.SIGNATURE_REFUSED, refusal(put("targets", ownRole)).type());
    Envelope<Root> ownRoot =
        Envelope.sign(
            new Root(
                2,
                EXPIRES,
                Map.of(
                    Root.Role.ROOT, RoleKeys.of(thief.publicKey()),
                    Root.Role.TARGETS, RoleKeys.of(thief.publicKey()),
                    Root.Role.SNAPSHOT, RoleKeys.of(thief.publicKey()),
                    Root.Role.TIMESTAMP, RoleKeys.of(thief.publicKey()))),
            List.of(thief));
    assertEquals(ProblemType.SIGNATURE_REFUSED, refusal(put("root", ownRoot)).type());
    assertEquals(
        ProblemType.SIGNATURE_REFUSED,
        refusal(registry.submit(Side.IMAGE, file("root", ownRoot), ownRoot.bytes(), true)).type());
  }

  @Test
  void onlineRoles_areNotTakenFromOutside() {
    byte[] timestamp = registry.file(Side.IMAGE, "timestamp.json").orElseThrow().toByteArray();
    for (String name : List.of("2.snapshot.json")) {
      assertEquals(
          ProblemType.FORBIDDEN,
          refusal(registry.submit(Side.IMAGE, MetadataFile.parse(name), timestamp, false)).type());
    }
    assertEquals(
        ProblemType.CONFLICT,
        refusal(registry.submit(Side.IMAGE, MetadataFile.TIMESTAMP, new byte[] {1}, false)).type());
  }

  @Test
  void tooFewKeysOfARole_areRefused() throws Exception {
    Targets.Target target = publish("hey-nova:1.0.0", 1);
    SigningKey second = SigningKey.generate();
    Targets two =
        Targets.delegating(
            2,
            EXPIRES,
            List.of(
                Targets.Delegation.ofAll(
                    "publisher",
                    RoleKeys.of(2, List.of(TestRelease.KEY.publicKey(), second.publicKey())))));
    accepted("targets", Envelope.sign(two, List.of(KEYS.targets())));
    Map<String, Targets.Target> listed = Map.of(PATH, target);
    refused(
        ProblemType.SIGNATURE_REFUSED,
        "publisher.json: 1 valid signatures (expected: at least 2 of the role's 2 keys)",
        put("publisher", role(1, listed, TestRelease.KEY)));
    accepted(role(1, listed, TestRelease.KEY).signedAlsoBy(second));
  }

  @Test
  void versions_growByOne() throws Exception {
    accepted(role(1, Map.of(), TestRelease.KEY));
    refused(
        ProblemType.CONFLICT,
        "9000000.publisher.json: version 9000000 (expected: 2, the next)",
        put("publisher", role(9_000_000, Map.of(), TestRelease.KEY)));
    accepted(role(2, Map.of(), TestRelease.KEY));
    // An old document with another name is a replay, too.
    Envelope<Targets> old = role(1, Map.of(), TestRelease.KEY);
    refused(
        ProblemType.INVALID_REQUEST,
        "3.publisher.json: version 1 (expected: 3)",
        registry.submit(Side.IMAGE, MetadataFile.parse("3.publisher.json"), old.bytes(), false));
    Targets.Target target = publish("hey-nova:1.0.0", 1);
    assertEquals(
        ProblemType.CONFLICT,
        refusal(put("publisher", role(2, Map.of(PATH, target), TestRelease.KEY))).type());
  }

  @Test
  void onlyPublishedAndUnrevokedReleases_areListed() throws Exception {
    Targets.Target target = publish("hey-nova:1.0.0", 1);
    Targets.Target other =
        new Targets.Target(target.length() + 1, target.digest(), 1, target.chips());
    refused(
        ProblemType.MODEL_REFUSED,
        "1.publisher.json lists what can't be installed: ghost/1.0.0/manifest.json is not a"
            + " published release (fix: publish it first)",
        put("publisher", role(1, Map.of("ghost/1.0.0/manifest.json", target), TestRelease.KEY)));
    assertEquals(
        ProblemType.MODEL_REFUSED,
        refusal(put("publisher", role(1, Map.of(PATH, other), TestRelease.KEY))).type());
    accepted(role(1, Map.of(PATH, target), TestRelease.KEY));
    revoke("hey-nova:1.0.0");
    refused(
        ProblemType.MODEL_REFUSED,
        "2.publisher.json lists what can't be installed: "
            + PATH
            + " is revoked (fix: leave it out)",
        put("publisher", role(2, Map.of(PATH, target), TestRelease.KEY)));
    accepted(role(2, Map.of(), TestRelease.KEY));
    ImageClient client = client();
    client.follow(registry, now);
    assertEquals(
        TrustException.Reason.NOT_LISTED,
        assertThrows(TrustException.class, () -> client.target(registry, PATH, now)).reason());
  }

  @Test
  void expiredDocument_isRefused() {
    Targets soon = new Targets(1, now, Map.of(), List.of());
    refused(
        ProblemType.SIGNATURE_REFUSED,
        "1.publisher.json expired at " + now + ", it is " + now,
        put("publisher", Envelope.sign(soon, List.of(TestRelease.KEY))));
  }

  @Test
  void rootWithOtherOnlineKey_needsARegistryThatHasIt() throws Exception {
    SigningKey next = SigningKey.generate();
    Envelope<Root> root =
        root(2, Map.of(Root.Role.SNAPSHOT, next, Root.Role.TIMESTAMP, next), KEYS.imageRoot());
    Submission.Refused refused = refusal(put("root", root));
    assertTrue(
        refused.detail().contains("would leave clients without a timestamp"), refused.detail());
    online.add(next);
    registry = registry();
    accepted("root", root);
    assertEquals("", registry.problem());
    ImageClient client = client();
    client.follow(registry, now);
    assertEquals(2, client.root());
    online.remove(next);
    registry = registry();
    assertTrue(registry.problem().startsWith("has no key that root 2"), registry.problem());
  }

  @Test
  void clientThatWasOfflineForThreeRoots_followsThemAll() throws Exception {
    Targets.Target target = publish("hey-nova:1.0.0", 1);
    accepted(role(1, Map.of(PATH, target), TestRelease.KEY));
    ImageClient client = client();
    client.follow(registry, now);
    SigningKey root = KEYS.imageRoot();
    for (int version = 2; version <= 4; version++) {
      SigningKey nextRoot = SigningKey.generate();
      SigningKey nextOnline = SigningKey.generate();
      online.add(nextOnline);
      registry = registry();
      Envelope<Root> next =
          root(
              version,
              Map.of(
                  Root.Role.ROOT, nextRoot,
                  Root.Role.SNAPSHOT, nextOnline,
                  Root.Role.TIMESTAMP, nextOnline),
              root,
              nextRoot);
      accepted("root", next);
      root = nextRoot;
    }
    client.follow(registry, now);
    assertEquals(4, client.root());
    assertEquals(target, client.target(registry, PATH, now));
    // The first root's key opens nothing any more.
    assertEquals(
        ProblemType.SIGNATURE_REFUSED,
        refusal(put("root", root(5, Map.of(), KEYS.imageRoot()))).type());
  }

  @Test
  void changeOfTargetsKeys_isTakenInTheRightOrderOnly() throws Exception {
    SigningKey next = SigningKey.generate();
    Envelope<Root> root = root(2, Map.of(Root.Role.TARGETS, next), KEYS.imageRoot());
    Submission.Refused refused = refusal(put("root", root));
    assertTrue(refused.detail().contains("first send the next targets.json"), refused.detail());
    Targets targets = Targets.delegating(2, EXPIRES, KEYS.firstTargets().metadata().delegations());
    accepted("targets", Envelope.sign(targets, List.of(KEYS.targets(), next)));
    accepted("root", root);
    ImageClient client = client();
    client.follow(registry, now);
    assertEquals(2, client.root());
  }

  @Test
  void lostTargetsKey_isReplacedByAskingForTheBreak() throws Exception {
    SigningKey next = SigningKey.generate();
    Envelope<Root> root = root(2, Map.of(Root.Role.TARGETS, next), KEYS.imageRoot());
    assertInstanceOf(
        Submission.Accepted.class,
        registry.submit(Side.IMAGE, file("root", root), root.bytes(), true));
    ImageClient client = client();
    assertEquals(
        TrustException.Reason.SIGNATURES,
        assertThrows(TrustException.class, () -> client.follow(registry, now)).reason());
    Targets targets = Targets.delegating(2, EXPIRES, KEYS.firstTargets().metadata().delegations());
    accepted("targets", Envelope.sign(targets, List.of(next)));
    client.follow(registry, now);
  }

  @Test
  void halfTheValidityOver_isSignedAnewOnce() throws Exception {
    assertFalse(registry.renew());
    now = now.plus(Duration.ofDays(3));
    assertFalse(registry.renew());
    now = now.plus(Duration.ofHours(12));
    assertTrue(registry.renew());
    assertFalse(registry().renew());
    now = now.plus(Duration.ofDays(6));
    client().follow(registry, now);
  }

  @Test
  void oldVersions_areDroppedButEnoughStayForClientsUnderWay() throws Exception {
    for (int version = 1; version <= 20; version++) {
      accepted(role(version, Map.of(), TestRelease.KEY));
    }
    var files = ledger.state().signed().orElseThrow().files(Side.IMAGE).keySet();
    assertEquals(
        TrustPlane.KEPT, files.stream().filter(name -> name.endsWith(".publisher.json")).count());
    assertEquals(
        TrustPlane.KEPT, files.stream().filter(name -> name.endsWith(".snapshot.json")).count());
    assertTrue(files.contains("20.publisher.json"));
    assertTrue(files.contains("1.root.json"));
    client().follow(registry, now);
  }

  @Test
  void directorsRoots_areAChainAndNothingElse() {
    SigningKey next = SigningKey.generate();
    Root first = KEYS.firstDirectorRoot().metadata();
    Root second = first.next(EXPIRES, Map.of(Root.Role.TARGETS, RoleKeys.of(next.publicKey())));
    Envelope<Root> unsigned = Envelope.sign(second, List.of(next));
    assertEquals(
        ProblemType.SIGNATURE_REFUSED,
        refusal(registry.submit(Side.DIRECTOR, file("root", unsigned), unsigned.bytes(), false))
            .type());
    Envelope<Root> root = Envelope.sign(second, List.of(KEYS.directorRoot()));
    assertInstanceOf(
        Submission.Accepted.class,
        registry.submit(Side.DIRECTOR, file("root", root), root.bytes(), false));
    assertTrue(registry.file(Side.DIRECTOR, "2.root.json").isPresent());
    assertEquals(
        ProblemType.FORBIDDEN,
        refusal(
                registry.submit(
                    Side.DIRECTOR, MetadataFile.parse("1.targets.json"), new byte[0], false))
            .type());
  }

  @Test
  void registryWithoutKeyOrRoots_saysWhatIsMissing() {
    assertTrue(
        new TrustPlane(
                ledger, new OnlineKeys(List.of()), () -> now, ImageRepository.Validity.DEFAULT)
            .problem()
            .contains("EARSHOT_TRUST_KEY"));
    assertTrue(
        new TrustPlane(
                new InMemoryLedger(), TestTrust.ONLINE, () -> now, ImageRepository.Validity.DEFAULT)
            .problem()
            .contains("EARSHOT_TRUST_DIR"));
  }

  private Targets.Target publish(String ref, int counter) throws IOException {
    PublishedRelease release =
        PublishedRelease.candidate(TestRelease.of(ref, counter).signed(), now);
    ledger.transact(state -> Change.of(true, new RegistryRecord.Release(release)));
    return release.signed().target();
  }

  private void revoke(String ref) throws IOException {
    PublishedRelease release = PublishedRelease.candidate(TestRelease.of(ref, 1).signed(), now);
    PublishedRelease revoked =
        PublishedRelease.of(release.message().toBuilder().setStatus(ReleaseStatus.REVOKED).build());
    ledger.transact(state -> Change.of(true, new RegistryRecord.Release(revoked)));
  }

  private static Envelope<Targets> role(
      long version, Map<String, Targets.Target> listed, SigningKey key) {
    return Envelope.sign(new Targets(version, EXPIRES, listed, List.of()), List.of(key));
  }

  private Envelope<Root> root(
      long version, Map<Root.Role, SigningKey> changed, SigningKey... signers) {
    Root root = ledger.state().signed().orElseThrow().image().root();
    Map<Root.Role, RoleKeys> roles = new EnumMap<>(root.roles());
    changed.forEach((role, key) -> roles.put(role, RoleKeys.of(key.publicKey())));
    return Envelope.sign(new Root(version, EXPIRES, roles), List.of(signers));
  }

  private static MetadataFile file(String role, Envelope<?> envelope) {
    return MetadataFile.of(role, envelope.metadata());
  }

  private Submission put(String role, Envelope<?> envelope) {
    return registry.submit(Side.IMAGE, file(role, envelope), envelope.bytes(), false);
  }

  private void accepted(Envelope<Targets> role) {
    accepted("publisher", role);
  }

  private void accepted(String role, Envelope<?> envelope) {
    assertEquals(new Submission.Accepted(), put(role, envelope));
  }

  private static Submission.Refused refusal(Submission submission) {
    return assertInstanceOf(Submission.Refused.class, submission);
  }

  private static void refused(ProblemType type, String detail, Submission submission) {
    Submission.Refused refused = refusal(submission);
    assertEquals(detail, refused.detail());
    assertEquals(type, refused.type());
    assertFalse(refused.errors().isEmpty());
  }

  private static ImageClient client() throws TrustException {
    return new ImageClient(KEYS.firstImageRoot().bytes());
  }
}
