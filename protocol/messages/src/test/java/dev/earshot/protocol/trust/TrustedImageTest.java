package dev.earshot.protocol.trust;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.earshot.protocol.Digest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TrustedImageTest {
  private static final Instant NOW = Instant.parse("2026-03-01T08:00:00Z");
  private static final String PATH = "hey-nova/1.1.0/manifest.json";
  private static final Targets.Target TARGET =
      new Targets.Target(1234, Digest.of(new byte[] {1}), 2, List.of("ndp120"));

  private final LocalTrust trust = LocalTrust.ofSeed("test", NOW.plus(Duration.ofDays(365)));
  private final ImageRepository repository = trust.list(trust.repository(NOW), PATH, TARGET, NOW);

  @Test
  void clientThatFollowsTheOrder_findsWhatThePublisherListed() throws Exception {
    TrustedImage known = fetched(trust.anchors().image(), repository, NOW);

    assertEquals(TARGET, known.target(PATH));
    TrustException other =
        assertThrows(TrustException.class, () -> known.target("hey-nova/9.0.0/manifest.json"));
    assertEquals(TrustException.Reason.NOT_LISTED, other.reason());
  }

  @Test
  void serverThatReadsItsFilesBack_servesTheSame() throws Exception {
    ImageRepository again = ImageRepository.read(repository.files());

    assertEquals(TARGET, again.target(PATH).orElseThrow());
    assertEquals(again, again.published(trust.online(), NOW, ImageRepository.Validity.DEFAULT));
    assertEquals(TARGET, fetched(trust.anchors().image(), again, NOW).target(PATH));
  }

  @Test
  void knownTimestampThatHasExpired_isRefusedThoughItsVersionIsTheSame() throws Exception {
    TrustedImage known = fetched(trust.anchors().image(), repository, NOW);

    TrustException frozen =
        assertThrows(
            TrustException.class,
            () ->
                known.withTimestamp(
                    repository.file(TrustedImage.TIMESTAMP).orElseThrow(),
                    NOW.plus(Duration.ofDays(8))));
    assertEquals(TrustException.Reason.EXPIRED, frozen.reason());
  }

  @Test
  void olderTimestamp_isRefusedAsARollback_andTakenAgainAfterItsKeyWasChanged() throws Exception {
    byte[] old = repository.file(TrustedImage.TIMESTAMP).orElseThrow();
    ImageRepository later =
        trust.list(repository, "hey-nova/1.2.0/manifest.json", TARGET, NOW.plusSeconds(60));
    TrustedImage known = TrustedImage.decode(fetched(trust.anchors().image(), later, NOW).encode());

    TrustException rollback =
        assertThrows(TrustException.class, () -> known.withTimestamp(old, NOW));
    assertEquals(TrustException.Reason.ROLLBACK, rollback.reason());

    SigningKey fresh = SigningKey.generate();
    RoleKeys keys = RoleKeys.of(fresh.publicKey());
    Envelope<Root> rotated =
        Envelope.sign(
            later
                .root()
                .next(trust.expires(), Map.of(Root.Role.TIMESTAMP, keys, Root.Role.SNAPSHOT, keys)),
            List.of(trust.imageRoot()));
    ImageRepository resigned =
        later.withRoot(rotated.bytes()).published(fresh, NOW, ImageRepository.Validity.DEFAULT);
    assertEquals(TARGET, fetched(known, resigned, NOW).target(PATH));
  }

  private static TrustedImage fetched(TrustedImage from, ImageRepository server, Instant now)
      throws TrustException {
    TrustedImage known = from;
    while (server.file(known.nextRootFile()).isPresent()) {
      known = known.withRoot(server.file(known.nextRootFile()).orElseThrow());
    }
    known = known.withTimestamp(server.file(TrustedImage.TIMESTAMP).orElseThrow(), now);
    known = known.withSnapshot(server.file(known.snapshotFile()).orElseThrow(), now);
    known = known.withTargets(server.file(known.targetsFile()).orElseThrow(), now);
    String role = known.role(PATH);
    return known.withRole(role, server.file(known.roleFile(role)).orElseThrow(), now);
  }
}
