package dev.earshot.registry.trust;

import dev.earshot.protocol.trust.ImageRepository;
import dev.earshot.protocol.trust.RoleKeys;
import dev.earshot.protocol.trust.Root;
import dev.earshot.protocol.trust.SigningKey;
import java.util.List;
import java.util.Optional;

/**
 * The keys by which a registry signs snapshots and timestamps: one, or while it is replaced the old
 * one and the new one.
 */
public record OnlineKeys(List<SigningKey> keys) {
  public OnlineKeys {
    keys = List.copyOf(keys);
  }

  /** The key that this root has for both roles. */
  Optional<SigningKey> of(Root root) {
    return keys.stream()
        .filter(
            key -> speaks(key, root, Root.Role.SNAPSHOT) && speaks(key, root, Root.Role.TIMESTAMP))
        .findFirst();
  }

  private static boolean speaks(SigningKey key, Root root, Root.Role role) {
    RoleKeys keys = root.keys(role);
    return keys.threshold() == 1 && keys.keys().containsKey(key.publicKey().keyId());
  }

  /** Why nothing can be signed for that repository; empty when it can. */
  String problem(ImageRepository image) {
    if (keys.isEmpty()) {
      return "has no online key (fix: set EARSHOT_TRUST_KEY to the key file that signs snapshots"
          + " and timestamps)";
    }
    return of(image.root()).isPresent()
        ? ""
        : "has no key that root "
            + image.root().version()
            + " of the image side names alone for snapshot and timestamp (fix: set"
            + " EARSHOT_TRUST_KEY to that key's file; two, separated by a comma, while the key is"
            + " replaced)";
  }
}
