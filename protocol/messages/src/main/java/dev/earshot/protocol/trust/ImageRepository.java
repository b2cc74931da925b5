package dev.earshot.protocol.trust;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The image side as a server holds it: every signed file that clients may ask for, by name.
 * Immutable; each change checks that what is new continues what is there. What offline keys signed
 * is taken from outside; {@link #published} adds what the online key signs.
 */
public final class ImageRepository {
  private static final Pattern VERSIONED = Pattern.compile("(\\d{1,18})\\.([a-z0-9._-]+)\\.json");

  /** How long what the online key signs is believed; it is signed again after half of that. */
  public record Validity(Duration snapshot, Duration timestamp) {
    /** A month and a week, by the fleet's clock. */
    public static final Validity DEFAULT = new Validity(Duration.ofDays(30), Duration.ofDays(7));
  }

  private final Map<String, byte[]> files;
  private final Envelope<Root> root;
  private final @Nullable Envelope<Targets> targets;
  private final Map<String, Envelope<Targets>> roles;
  private final @Nullable Envelope<Snapshot> snapshot;
  private final @Nullable Envelope<Timestamp> timestamp;

  private ImageRepository(
      Map<String, byte[]> files,
      Envelope<Root> root,
      @Nullable Envelope<Targets> targets,
      Map<String, Envelope<Targets>> roles,
      @Nullable Envelope<Snapshot> snapshot,
      @Nullable Envelope<Timestamp> timestamp) {
    this.files = Collections.unmodifiableMap(new TreeMap<>(files));
    this.root = root;
    this.targets = targets;
    this.roles = Map.copyOf(roles);
    this.snapshot = snapshot;
    this.timestamp = timestamp;
  }

  /** With nothing but a first root. */
  public static ImageRepository of(byte[] firstRoot) throws TrustException {
    Envelope<Root> root = TrustedRoot.pinned("root.json", firstRoot);
    return new ImageRepository(
        Map.of(root.metadata().version() + ".root.json", root.bytes()),
        root,
        null,
        Map.of(),
        null,
        null);
  }

  /**
   * From all files, as {@link #files} gave them. Roots are checked as a chain; the newest version
   * of everything else is what counts.
   */
  public static ImageRepository read(Map<String, byte[]> files) throws TrustException {
    Map<String, Long> newest = new HashMap<>();
    List<Long> roots = new ArrayList<>();
    for (String name : files.keySet()) {
      Matcher matcher = VERSIONED.matcher(name);
      if (matcher.matches()) {
        long version = Long.parseLong(matcher.group(1));
        newest.merge(matcher.group(2), version, Math::max);
        if (matcher.group(2).equals("root")) {
          roots.add(version);
        }
      }
    }
    Collections.sort(roots);
    if (roots.isEmpty()) {
      throw new TrustException(TrustException.Reason.MALFORMED, "there is no root.json");
    }
    Envelope<Root> root = TrustedRoot.pinned("root.json", bytes(files, roots.getFirst(), "root"));
    for (long version : roots.subList(1, roots.size())) {
      root = TrustedRoot.next("image", root, bytes(files, version, "root"));
    }
    Map<String, Envelope<Targets>> roles = new HashMap<>();
    Envelope<Targets> targets = null;
    Envelope<Snapshot> snapshot = null;
    for (Map.Entry<String, Long> entry : newest.entrySet()) {
      String name = entry.getKey();
      byte[] bytes = bytes(files, entry.getValue(), name);
      switch (name) {
        case "root" -> {}
        case "snapshot" -> snapshot = parse(name, bytes, Snapshot::decode);
        case "targets" -> targets = parse(name, bytes, Targets::decode);
        default -> roles.put(name, parse(name, bytes, Targets::decode));
      }
    }
    byte[] timestamp = files.get(TrustedImage.TIMESTAMP);
    return new ImageRepository(
        files,
        root,
        targets,
        roles,
        snapshot,
        timestamp == null ? null : parse("timestamp", timestamp, Timestamp::decode));
  }

  private static byte[] bytes(Map<String, byte[]> files, long version, String name)
      throws TrustException {
    byte[] found = files.get(version + "." + name + ".json");
    if (found == null) {
      throw new TrustException(
          TrustException.Reason.MALFORMED, version + "." + name + ".json is missing");
    }
    return found;
  }

  private static <T extends Metadata> Envelope<T> parse(
      String what, byte[] bytes, Envelope.Format<T> format) throws TrustException {
    return Envelope.parse(what, bytes, TrustedImage.LONGEST, format);
  }

  /** Every file, by the name under which clients ask for it. */
  public Map<String, byte[]> files() {
    return files;
  }

  public Optional<byte[]> file(String name) {
    return Optional.ofNullable(files.get(name));
  }

  public Root root() {
    return root.metadata();
  }

  /** The top-level targets; empty before the first. */
  public Optional<Targets> targets() {
    return Optional.ofNullable(targets).map(Envelope::metadata);
  }

  /** What a delegated role lists; empty before its first. */
  public Optional<Targets> role(String name) {
    return Optional.ofNullable(roles.get(name)).map(Envelope::metadata);
  }

  /** The role that speaks for that path. */
  public Optional<Targets.Delegation> delegation(String path) {
    return targets()
        .flatMap(
            top ->
                top.delegations().stream()
                    .filter(delegation -> delegation.covers(path))
                    .findFirst());
  }

  /** What is listed at that path, by the role that speaks for it. */
  public Optional<Targets.Target> target(String path) {
    return delegation(path)
        .flatMap(delegation -> role(delegation.name()))
        .map(role -> role.targets().get(path));
  }

  /**
   * Checks that who follows the newest root finds everything below it signed as it must be: a
   * change of keys above can make what is below worthless.
   */
  public void requireWhole() throws TrustException {
    Envelope<Targets> top = targets;
    if (top == null) {
      return;
    }
    top.require(
        "targets.json by the keys of root " + root.metadata().version(),
        root.metadata().keys(Root.Role.TARGETS));
    for (Targets.Delegation delegation : top.metadata().delegations()) {
      Envelope<Targets> role = roles.get(delegation.name());
      if (role != null) {
        role.require(
            delegation.name() + ".json by the keys of targets " + top.metadata().version(),
            delegation.keys());
      }
    }
  }

  /**
   * Without versions that no client asks for any more.
   *
   * @param keep how many versions of each role stay; roots always do
   */
  public ImageRepository pruned(int keep) {
    Map<String, Long> newest = new HashMap<>();
    for (String name : files.keySet()) {
      MetadataFile file = MetadataFile.parse(name);
      newest.merge(file.role(), file.version(), Math::max);
    }
    Map<String, byte[]> kept = new HashMap<>(files);
    kept.keySet()
        .removeIf(
            name -> {
              MetadataFile file = MetadataFile.parse(name);
              return !file.isRoot()
                  && file.version() + keep <= newest.getOrDefault(file.role(), 0L);
            });
    return kept.size() == files.size()
        ? this
        : new ImageRepository(kept, root, targets, roles, snapshot, timestamp);
  }

  /** When the newest document of each role expires. */
  public Map<String, Instant> expiries() {
    Map<String, Instant> all = new TreeMap<>();
    all.put("root", root.metadata().expires());
    if (targets != null) {
      all.put("targets", targets.metadata().expires());
    }
    roles.forEach((name, role) -> all.put(name, role.metadata().expires()));
    if (snapshot != null) {
      all.put("snapshot", snapshot.metadata().expires());
    }
    if (timestamp != null) {
      all.put("timestamp", timestamp.metadata().expires());
    }
    return all;
  }

  /** The next root. */
  public ImageRepository withRoot(byte[] bytes) throws TrustException {
    Envelope<Root> next = TrustedRoot.next("image", root, bytes);
    return new ImageRepository(
        plus(next.metadata().version() + ".root.json", bytes),
        next,
        targets,
        roles,
        snapshot,
        timestamp);
  }

  /** The next top-level targets. */
  public ImageRepository withTargets(byte[] bytes, Instant now) throws TrustException {
    Envelope<Targets> next =
        successor("targets", targets, bytes, root.metadata().keys(Root.Role.TARGETS), now);
    return new ImageRepository(
        plus(next.metadata().version() + ".targets.json", bytes),
        root,
        next,
        roles,
        snapshot,
        timestamp);
  }

  /** The next document of a delegated role. */
  public ImageRepository withRole(String name, byte[] bytes, Instant now) throws TrustException {
    Targets.Delegation delegation =
        targets()
            .flatMap(top -> top.delegation(name))
            .orElseThrow(
                () ->
                    new TrustException(
                        TrustException.Reason.NOT_LISTED,
                        "targets.json: there is no role " + name));
    Envelope<Targets> next = successor(name, roles.get(name), bytes, delegation.keys(), now);
    for (String path : next.metadata().targets().keySet()) {
      if (!delegation.covers(path)) {
        throw new TrustException(
            TrustException.Reason.NOT_LISTED, name + ".json: it may not list " + path);
      }
    }
    Map<String, Envelope<Targets>> changed = new HashMap<>(roles);
    changed.put(name, next);
    return new ImageRepository(
        plus(next.metadata().version() + "." + name + ".json", bytes),
        root,
        targets,
        changed,
        snapshot,
        timestamp);
  }

  private static Envelope<Targets> successor(
      String name, @Nullable Envelope<Targets> known, byte[] bytes, RoleKeys keys, Instant now)
      throws TrustException {
    String what = name + ".json";
    Envelope<Targets> next = parse(what, bytes, Targets::decode);
    next.require(what, keys);
    long wanted = known == null ? 1 : known.metadata().version() + 1;
    if (next.metadata().version() != wanted) {
      throw new TrustException(
          TrustException.Reason.ROLLBACK,
          what + ": version " + next.metadata().version() + " (expected: " + wanted + ")");
    }
    TrustedRoot.requireFresh(what, next.metadata(), now);
    return next;
  }

  /**
   * With a snapshot and a timestamp that tell of everything here, signed anew where something has
   * changed, the keys have, or half of the validity is over; the same object when nothing is to do.
   */
  public ImageRepository published(SigningKey online, Instant now, Validity validity) {
    Envelope<Snapshot> nextSnapshot = snapshot(online, now, validity);
    Envelope<Timestamp> known = timestamp;
    if (known != null
        && Objects.equals(snapshot, nextSnapshot)
        && isGood(known, Root.Role.TIMESTAMP, now, validity.timestamp())) {
      return this;
    }
    Envelope<Timestamp> nextTimestamp =
        Envelope.sign(
            new Timestamp(
                known == null ? 1 : known.metadata().version() + 1,
                now.plus(validity.timestamp()),
                Metadata.FileMeta.of(nextSnapshot)),
            List.of(online));
    Map<String, byte[]> changed = new HashMap<>(files);
    changed.put(nextSnapshot.metadata().version() + ".snapshot.json", nextSnapshot.bytes());
    changed.put(TrustedImage.TIMESTAMP, nextTimestamp.bytes());
    return new ImageRepository(changed, root, targets, roles, nextSnapshot, nextTimestamp);
  }

  private Envelope<Snapshot> snapshot(SigningKey online, Instant now, Validity validity) {
    Map<String, Metadata.FileMeta> listed = new HashMap<>();
    if (targets != null) {
      listed.put("targets.json", Metadata.FileMeta.of(targets));
    }
    roles.forEach((name, role) -> listed.put(name + ".json", Metadata.FileMeta.of(role)));
    Envelope<Snapshot> known = snapshot;
    if (known != null
        && known.metadata().files().equals(listed)
        && isGood(known, Root.Role.SNAPSHOT, now, validity.snapshot())) {
      return known;
    }
    return Envelope.sign(
        new Snapshot(
            known == null ? 1 : known.metadata().version() + 1,
            now.plus(validity.snapshot()),
            listed),
        List.of(online));
  }

  private boolean isGood(Envelope<?> signed, Root.Role role, Instant now, Duration validity) {
    RoleKeys keys = root.metadata().keys(role);
    return signed.validSignatures(keys) >= keys.threshold()
        && now.plus(validity.dividedBy(2)).isBefore(signed.metadata().expires());
  }

  private Map<String, byte[]> plus(String name, byte[] bytes) {
    Map<String, byte[]> changed = new HashMap<>(files);
    changed.put(name, bytes.clone());
    return changed;
  }
}
