package dev.earshot.registry.client;

import dev.earshot.protocol.problem.ProblemException;
import dev.earshot.protocol.release.ReleaseRef;
import dev.earshot.protocol.release.SignedManifest;
import dev.earshot.protocol.trust.Envelope;
import dev.earshot.protocol.trust.MetadataFile;
import dev.earshot.protocol.trust.RoleKeys;
import dev.earshot.protocol.trust.SigningKey;
import dev.earshot.protocol.trust.Targets;
import dev.earshot.protocol.trust.TrustException;
import dev.earshot.protocol.trust.TrustedImage;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * The publisher's side of the list of what may be installed: reads the role's newest document as a
 * device would, changes it, signs it and sends it. When somebody else was faster, it begins again
 * with theirs. Blocks; the private keys stay here.
 */
public final class ReleaseListing {
  private static final String IMAGE = "image";
  private static final int CONFLICT = 409;
  private static final int ATTEMPTS = 5;

  private final RegistryClient registry;
  private final TrustedImage pinned;
  private final List<SigningKey> keys;
  private final InstantSource clock;

  /**
   * @param pinned where this publisher's trust begins: never at the registry
   * @param keys of the role, as many as its threshold asks for
   * @param clock that expiry is told by
   */
  public ReleaseListing(
      RegistryClient registry,
      TrustedImage pinned,
      Collection<SigningKey> keys,
      InstantSource clock) {
    this.registry = registry;
    this.pinned = pinned;
    this.keys = List.copyOf(keys);
    this.clock = clock;
  }

  /**
   * A role's document.
   *
   * @param role its name
   * @param version of the document
   * @param changed whether this call made it
   */
  public record Listed(String role, long version, boolean changed) {}

  /** The role that speaks for a path, its keys, and its newest document; empty before the first. */
  private record Found(Targets.Delegation delegation, Optional<Targets> document) {}

  /**
   * Lists a release that was published; the same again changes nothing.
   *
   * @param expires of the role's document: after that instant devices install none of its releases
   *     until it was signed again
   * @throws IllegalArgumentException when the registry's metadata can't be believed, or these keys
   *     are not enough
   */
  public Listed list(SignedManifest signed, Instant expires) {
    String path = signed.manifest().release().manifestPath();
    Targets.Target target = signed.target();
    return change(
        path,
        expires,
        targets ->
            target.equals(targets.targets().get(path))
                ? targets
                : targets.with(path, target, expires));
  }

  /** Takes a release out of the list: devices then refuse it, even when somebody orders it. */
  public Listed unlist(ReleaseRef release, Instant expires) {
    String path = release.manifestPath();
    return change(
        path,
        expires,
        targets -> targets.targets().containsKey(path) ? targets.without(path, expires) : targets);
  }

  private Listed change(String path, Instant expires, UnaryOperator<Targets> edit) {
    for (int attempt = 1; ; attempt++) {
      Found found = find(path);
      String role = found.delegation().name();
      Targets before =
          found.document().orElseGet(() -> new Targets(1, expires, Map.of(), List.of()));
      Targets after = edit.apply(before);
      if (after.equals(before)) {
        return new Listed(role, before.version(), false);
      }
      Targets next =
          found.document().isPresent()
              ? after
              : new Targets(1, expires, after.targets(), List.of());
      try {
        var _ =
            registry.putMetadata(
                IMAGE, new MetadataFile(role, next.version()).name(), sign(found, next), false);
        return new Listed(role, next.version(), true);
      } catch (ProblemException e) {
        if (e.problem().status() != CONFLICT || attempt == ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  private byte[] sign(Found found, Targets next) {
    RoleKeys needed = found.delegation().keys();
    List<SigningKey> ours =
        keys.stream()
            .filter(key -> needed.keys().containsKey(key.publicKey().keyId()))
            .distinct()
            .toList();
    if (ours.size() < needed.threshold()) {
      throw new IllegalArgumentException(
          "role %s needs the signatures of %d of its %d keys; %d of those given are among them (fix: --key FILE for each)"
              .formatted(
                  found.delegation().name(),
                  needed.threshold(),
                  needed.keys().size(),
                  ours.size()));
    }
    return Envelope.sign(next, ours).bytes();
  }

  private Found find(String path) {
    Instant now = clock.instant();
    try {
      TrustedImage image = ImageWalk.targets(pinned, this::file, now);
      String role = image.role(path);
      Targets.Delegation delegation = image.delegation(role);
      if (!image.hasRole(role)) {
        return new Found(delegation, Optional.empty());
      }
      TrustedImage whole =
          image.withRole(role, ImageWalk.require(this::file, image.roleFile(role)), now);
      return new Found(delegation, whole.listing(role));
    } catch (TrustException e) {
      throw new IllegalArgumentException(
          "the registry's metadata can't be believed: " + e.getMessage(), e);
    }
  }

  private Optional<byte[]> file(String name) {
    return registry.metadata(IMAGE, name);
  }
}
