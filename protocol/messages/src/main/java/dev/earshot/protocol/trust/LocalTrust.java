package dev.earshot.protocol.trust;

import dev.earshot.protocol.Digest;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Both sides' keys in one hand, one for each role: for one machine, simulations and tests. Whoever
 * holds this can have every device run anything.
 *
 * @param imageRoot signs the image side's root
 * @param targets signs the top-level targets
 * @param publisher signs releases and the role {@code publisher}, which speaks for every name
 * @param online signs snapshots and timestamps
 * @param directorRoot signs the director's root
 * @param director signs orders
 * @param expires of everything that offline keys sign here
 */
public record LocalTrust(
    SigningKey imageRoot,
    SigningKey targets,
    SigningKey publisher,
    SigningKey online,
    SigningKey directorRoot,
    SigningKey director,
    Instant expires) {
  /** The one delegated role. */
  public static final String PUBLISHER = "publisher";

  /** New keys. */
  public static LocalTrust generate(Instant expires) {
    return of(role -> SigningKey.generate(), expires);
  }

  /** The same keys each time; whoever knows the seed can sign. */
  public static LocalTrust ofSeed(String seed, Instant expires) {
    return of(
        role ->
            SigningKey.ofSeed(
                Digest.of((seed + "/" + role).getBytes(StandardCharsets.UTF_8)).bytes()),
        expires);
  }

  /** A key for each of {@code root, targets, publisher, online, director-root, director}. */
  public static LocalTrust of(Function<String, SigningKey> key, Instant expires) {
    return new LocalTrust(
        key.apply("root"),
        key.apply("targets"),
        key.apply(PUBLISHER),
        key.apply("online"),
        key.apply("director-root"),
        key.apply("director"),
        expires);
  }

  /** The image side's first root. */
  public Envelope<Root> firstImageRoot() {
    return Envelope.sign(
        root(imageRoot, Map.of(Root.Role.TARGETS, targets), online), List.of(imageRoot));
  }

  /** The director's first root. */
  public Envelope<Root> firstDirectorRoot() {
    return Envelope.sign(root(directorRoot, Map.of(), director), List.of(directorRoot));
  }

  private Root root(SigningKey root, Map<Root.Role, SigningKey> special, SigningKey others) {
    Map<Root.Role, RoleKeys> roles = new EnumMap<>(Root.Role.class);
    for (Root.Role role : Root.Role.values()) {
      SigningKey key = role == Root.Role.ROOT ? root : special.getOrDefault(role, others);
      roles.put(role, RoleKeys.of(key.publicKey()));
    }
    return new Root(1, expires, roles);
  }

  /** The first top-level targets: one publisher for everything. */
  public Envelope<Targets> firstTargets() {
    return Envelope.sign(
        Targets.delegating(
            1,
            expires,
            List.of(Targets.Delegation.ofAll(PUBLISHER, RoleKeys.of(publisher.publicKey())))),
        List.of(targets));
  }

  /** What devices are given at the factory. */
  public TrustAnchors anchors() {
    try {
      return TrustAnchors.of(firstImageRoot().bytes(), firstDirectorRoot().bytes());
    } catch (TrustException e) {
      throw new IllegalStateException("made here", e);
    }
  }

  /** An image side that lists nothing yet. */
  public ImageRepository repository(Instant now) {
    try {
      return ImageRepository.of(firstImageRoot().bytes())
          .withTargets(firstTargets().bytes(), now)
          .published(online, now, ImageRepository.Validity.DEFAULT);
    } catch (TrustException e) {
      throw new IllegalStateException("made here", e);
    }
  }

  /** What the publisher signs so that this is listed as well. */
  public Envelope<Targets> listing(ImageRepository repository, String path, Targets.Target target) {
    Targets before =
        repository
            .role(PUBLISHER)
            .map(role -> role.with(path, target, expires))
            .orElseGet(() -> new Targets(1, expires, Map.of(path, target), List.of()));
    return Envelope.sign(before, List.of(publisher));
  }

  /** The repository with this listed as well, and all of it signed. */
  public ImageRepository list(
      ImageRepository repository, String path, Targets.Target target, Instant now) {
    try {
      return repository
          .withRole(PUBLISHER, listing(repository, path, target).bytes(), now)
          .published(online, now, ImageRepository.Validity.DEFAULT);
    } catch (TrustException e) {
      throw new IllegalStateException("made here", e);
    }
  }

  /** An order, signed by the director. */
  public byte[] sign(Order order) {
    return Envelope.sign(order, List.of(director)).bytes();
  }
}
