package dev.earshot.agent;

import dev.earshot.protocol.Digest;
import dev.earshot.protocol.release.SignedManifest;
import dev.earshot.protocol.trust.SigningKey;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Whose signatures make a release installable: the publisher keys pinned in the device, and how
 * many of them must have signed. Safe for use by many threads; keeps the last few envelopes that it
 * found good, because a fleet in one process verifies the same one thousands of times.
 */
public final class PublisherTrust {
  private static final int REMEMBERED = 32;

  private final Set<SigningKey.Public> keys;
  private final int threshold;
  private final Map<Digest, SignedManifest> good =
      Collections.synchronizedMap(
          new LinkedHashMap<>() {
            @Override
            protected boolean removeEldestEntry(Map.Entry<Digest, SignedManifest> eldest) {
              return size() > REMEMBERED;
            }
          });

  /** At least {@code threshold} of {@code keys} must have signed. */
  public PublisherTrust(Set<SigningKey.Public> keys, int threshold) {
    if (threshold < 1 || threshold > keys.size()) {
      throw new IllegalArgumentException(
          "threshold: " + threshold + " (expected: 1 to the number of keys, " + keys.size() + ")");
    }
    this.keys = Set.copyOf(keys);
    this.threshold = threshold;
  }

  /**
   * The manifest in that envelope.
   *
   * @throws IllegalArgumentException when it is malformed or not signed as it must be; the message
   *     says how
   */
  public SignedManifest verify(byte[] envelope) {
    Digest digest = Digest.of(envelope);
    SignedManifest known = good.get(digest);
    if (known != null) {
      return known;
    }
    SignedManifest signed = SignedManifest.parse(envelope);
    signed.requireSignedBy(keys, threshold);
    good.put(digest, signed);
    return signed;
  }
}
