package dev.earshot.protocol.trust;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class KnownTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final LocalTrust ONE = LocalTrust.ofSeed("one", NOW.plusSeconds(100_000_000));
  private static final LocalTrust OTHER = LocalTrust.ofSeed("other", NOW.plusSeconds(100_000_000));

  @Test
  void sameBytes_areReadOnceAndAnyOtherAnew() throws TrustException {
    byte[] root = ONE.firstImageRoot().bytes();
    assertSame(read(root), read(root.clone()));
    assertNotSame(read(root), read(OTHER.firstImageRoot().bytes()));
  }

  private static Envelope<Root> read(byte[] bytes) throws TrustException {
    return Known.parse("root.json", bytes, Root.class, Root::decode);
  }

  @Test
  void knownDocument_isAskedAnewForOtherKeys() {
    Envelope<Root> root = ONE.firstImageRoot();
    RoleKeys its = RoleKeys.of(ONE.imageRoot().publicKey());
    RoleKeys others = RoleKeys.of(OTHER.imageRoot().publicKey());
    RoleKeys both =
        RoleKeys.of(2, List.of(ONE.imageRoot().publicKey(), OTHER.imageRoot().publicKey()));
    assertEquals(1, root.validSignatures(its));
    assertEquals(0, root.validSignatures(others));
    assertEquals(1, root.validSignatures(both));
    assertThrows(TrustException.class, () -> root.require("root.json", both));
    assertEquals(1, root.validSignatures(its));
  }

  @Test
  void knownDocument_expiresAllTheSame() throws TrustException {
    ImageRepository repository = ONE.repository(NOW);
    byte[] timestamp = repository.file(TrustedImage.TIMESTAMP).orElseThrow();
    var _ = ONE.anchors().image().withTimestamp(timestamp, NOW);
    TrustException late =
        assertThrows(
            TrustException.class,
            () -> ONE.anchors().image().withTimestamp(timestamp, NOW.plusSeconds(8 * 86_400)));
    assertEquals(TrustException.Reason.EXPIRED, late.reason());
  }
}
