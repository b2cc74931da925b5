package dev.earshot.agent.trust;

import dev.earshot.protocol.Digest;
import dev.earshot.protocol.release.SignedManifest;
import dev.earshot.protocol.trust.RoleKeys;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads manifests and checks their signatures, and remembers the last few answers: a fleet in one
 * process asks the same thousands of times. An answer is to exact bytes and, for signatures, exact
 * keys; nothing that depends on time is remembered. Safe for use by many threads.
 */
final class SignedManifests {
  private static final int REMEMBERED = 32;

  private static final Map<Digest, SignedManifest> READ = bounded();
  private static final Map<Signed, Boolean> GOOD = bounded();

  private SignedManifests() {}

  /** What was found to be signed by whom. */
  private record Signed(Digest manifest, RoleKeys by) {}

  /**
   * @param digest of the bytes
   * @throws IllegalArgumentException when they are no manifest
   */
  static SignedManifest parse(Digest digest, byte[] envelope) {
    @Nullable SignedManifest known = READ.get(digest);
    if (known != null) {
      return known;
    }
    SignedManifest parsed = SignedManifest.parse(envelope);
    READ.put(digest, parsed);
    return parsed;
  }

  /**
   * @throws IllegalArgumentException when not enough of those keys signed it
   */
  static void requireSigned(SignedManifest signed, RoleKeys by) {
    Signed question = new Signed(signed.digest(), by);
    if (!GOOD.containsKey(question)) {
      signed.requireSignedBy(by.keys().values(), by.threshold());
      GOOD.put(question, true);
    }
  }

  private static <K, V> Map<K, V> bounded() {
    return Collections.synchronizedMap(
        new LinkedHashMap<>(16, .75f, true) {
          @Override
          protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
            return size() > REMEMBERED;
          }
        });
  }
}
