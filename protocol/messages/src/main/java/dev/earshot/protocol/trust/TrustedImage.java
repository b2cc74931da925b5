package dev.earshot.protocol.trust;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What somebody who fetches from the image side has found to be true so far. Immutable: each step
 * checks one more file in the order of TUF's client workflow (section 5) and gives the next state,
 * or throws and leaves this one as it was. The order is: all newer roots, {@link #requireRoot},
 * timestamp, snapshot, targets, the role that speaks for the path.
 */
public final class TrustedImage {
  /** Longer metadata is refused unread. */
  public static final int LONGEST = 64 * 1024;

  /** More new roots than this in one go are refused. */
  public static final int MOST_ROOTS = 32;

  public static final String TIMESTAMP = "timestamp.json";
  private static final String TARGETS = "targets.json";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Envelope<Root> root;
  private final @Nullable Envelope<Timestamp> timestamp;
  private final @Nullable Envelope<Snapshot> snapshot;
  private final @Nullable Envelope<Targets> targets;
  private final Map<String, Envelope<Targets>> roles;

  private TrustedImage(
      Envelope<Root> root,
      @Nullable Envelope<Timestamp> timestamp,
      @Nullable Envelope<Snapshot> snapshot,
      @Nullable Envelope<Targets> targets,
      Map<String, Envelope<Targets>> roles) {
    this.root = root;
    this.timestamp = timestamp;
    this.snapshot = snapshot;
    this.targets = targets;
    this.roles = Map.copyOf(roles);
  }

  /** Where trust begins: the root that was pinned at the factory. */
  public static TrustedImage pinned(byte[] root) throws TrustException {
    return new TrustedImage(
        TrustedRoot.pinned("image root.json", root), null, null, null, Map.of());
  }

  public Root root() {
    return root.metadata();
  }

  /** The exact bytes of the newest root that was followed. */
  public byte[] rootBytes() {
    return root.bytes();
  }

  /** The name of the next root, should there be one. */
  public String nextRootFile() {
    return root.metadata().version() + 1 + ".root.json";
  }

  /**
   * Follows the chain by one. When the keys of timestamp or snapshot change, what they signed is
   * forgotten: a thief may have counted their versions up to the end (fast-forward attack).
   */
  public TrustedImage withRoot(byte[] bytes) throws TrustException {
    Envelope<Root> next = TrustedRoot.next("image", root, bytes);
    boolean sameOnline = sameKeys(next, Root.Role.TIMESTAMP) && sameKeys(next, Root.Role.SNAPSHOT);
    return new TrustedImage(
        next, sameOnline ? timestamp : null, sameOnline ? snapshot : null, null, Map.of());
  }

  private boolean sameKeys(Envelope<Root> next, Root.Role role) {
    return next.metadata().keys(role).equals(root.metadata().keys(role));
  }

  /** After the last root: it must not have expired. */
  public TrustedImage requireRoot(Instant now) throws TrustException {
    TrustedRoot.requireFresh("image root.json", root.metadata(), now);
    return this;
  }

  /**
   * A timestamp of the version that is known already is not taken again; the known one must still
   * hold.
   */
  public TrustedImage withTimestamp(byte[] bytes, Instant now) throws TrustException {
    requireRoot(now);
    Envelope<Timestamp> next = Envelope.parse(TIMESTAMP, bytes, LONGEST, Timestamp::decode);
    next.require(TIMESTAMP, root.metadata().keys(Root.Role.TIMESTAMP));
    Envelope<Timestamp> known = timestamp;
    if (known != null) {
      requireNotOlder(TIMESTAMP, next.metadata().version(), known.metadata().version());
      if (next.metadata().version() == known.metadata().version()) {
        next = known;
      }
      requireNotOlder(
          "snapshot in " + TIMESTAMP,
          next.metadata().snapshot().version(),
          known.metadata().snapshot().version());
    }
    TrustedRoot.requireFresh(TIMESTAMP, next.metadata(), now);
    return new TrustedImage(root, next, snapshot, null, Map.of());
  }

  /** The name of the snapshot that the timestamp names. */
  public String snapshotFile() {
    return named(timestamp, TIMESTAMP).snapshot().version() + ".snapshot.json";
  }

  /** Its length, bytes: no more is to be fetched. */
  public int snapshotLength() {
    return named(timestamp, TIMESTAMP).snapshot().length();
  }

  /** The one that the timestamp names; no file in it may be older than before, or be gone. */
  public TrustedImage withSnapshot(byte[] bytes, Instant now) throws TrustException {
    String what = snapshotFile();
    Metadata.FileMeta expected = named(timestamp, TIMESTAMP).snapshot();
    Envelope<Snapshot> next = Envelope.parse(what, bytes, LONGEST, Snapshot::decode);
    requireMatch(what, next, expected);
    next.require(what, root.metadata().keys(Root.Role.SNAPSHOT));
    Envelope<Snapshot> known = snapshot;
    if (known != null) {
      for (Map.Entry<String, Metadata.FileMeta> file : known.metadata().files().entrySet()) {
        Metadata.FileMeta there = next.metadata().files().get(file.getKey());
        if (there == null) {
          throw new TrustException(
              TrustException.Reason.ROLLBACK, what + ": " + file.getKey() + " is gone");
        }
        requireNotOlder(file.getKey() + " in " + what, there.version(), file.getValue().version());
      }
    }
    TrustedRoot.requireFresh(what, next.metadata(), now);
    return new TrustedImage(root, timestamp, next, null, Map.of());
  }

  /** The name of the top-level targets. */
  public String targetsFile() throws TrustException {
    return listed(TARGETS).version() + "." + TARGETS;
  }

  public int targetsLength() throws TrustException {
    return listed(TARGETS).length();
  }

  public TrustedImage withTargets(byte[] bytes, Instant now) throws TrustException {
    Envelope<Targets> next =
        targets(targetsFile(), bytes, TARGETS, root.metadata().keys(Root.Role.TARGETS), now);
    return new TrustedImage(root, timestamp, snapshot, next, Map.of());
  }

  /**
   * The role that speaks for that path: the first whose patterns cover it, and no other.
   *
   * @throws TrustException when nobody may publish there
   */
  public String role(String path) throws TrustException {
    return named(targets, TARGETS).delegations().stream()
        .filter(delegation -> delegation.covers(path))
        .map(Targets.Delegation::name)
        .findFirst()
        .orElseThrow(
            () ->
                new TrustException(
                    TrustException.Reason.NOT_LISTED, TARGETS + ": nobody may publish " + path));
  }

  /** The name of the file of a delegated role. */
  public String roleFile(String name) throws TrustException {
    return listed(name + ".json").version() + "." + name + ".json";
  }

  public int roleLength(String name) throws TrustException {
    return listed(name + ".json").length();
  }

  public TrustedImage withRole(String name, byte[] bytes, Instant now) throws TrustException {
    Targets.Delegation delegation =
        named(targets, TARGETS)
            .delegation(name)
            .orElseThrow(
                () ->
                    new TrustException(
                        TrustException.Reason.NOT_LISTED, TARGETS + ": there is no role " + name));
    Envelope<Targets> next = targets(roleFile(name), bytes, name + ".json", delegation.keys(), now);
    Map<String, Envelope<Targets>> all = new LinkedHashMap<>(roles);
    all.put(name, next);
    return new TrustedImage(root, timestamp, snapshot, targets, all);
  }

  private Envelope<Targets> targets(
      String what, byte[] bytes, String file, RoleKeys keys, Instant now) throws TrustException {
    Envelope<Targets> next = Envelope.parse(what, bytes, LONGEST, Targets::decode);
    requireMatch(what, next, listed(file));
    next.require(what, keys);
    TrustedRoot.requireFresh(what, next.metadata(), now);
    return next;
  }

  /**
   * What the image side lists at that path: asked of the top level first, then of the {@link #role}
   * that speaks for it.
   *
   * @throws TrustException when it is not listed
   */
  public Targets.Target target(String path) throws TrustException {
    Targets top = named(targets, TARGETS);
    Targets.Target direct = top.targets().get(path);
    if (direct != null) {
      return direct;
    }
    Envelope<Targets> signed = roles.get(role(path));
    Targets.Target target = signed == null ? null : signed.metadata().targets().get(path);
    if (target == null) {
      throw new TrustException(
          TrustException.Reason.NOT_LISTED, path + " is not listed by its publisher");
    }
    return target;
  }

  /** Whether the top-level targets list that path themselves, so that no role is asked. */
  public boolean lists(String path) {
    return named(targets, TARGETS).targets().containsKey(path);
  }

  /** Whose signatures what is listed at that path needs itself. */
  public RoleKeys publisher(String path) throws TrustException {
    if (lists(path)) {
      return root.metadata().keys(Root.Role.TARGETS);
    }
    return named(targets, TARGETS).delegation(role(path)).orElseThrow().keys();
  }

  private Metadata.FileMeta listed(String file) throws TrustException {
    Metadata.FileMeta meta = named(snapshot, "snapshot.json").files().get(file);
    if (meta == null) {
      throw new TrustException(
          TrustException.Reason.NOT_LISTED, "snapshot.json does not list " + file);
    }
    return meta;
  }

  private static void requireMatch(String what, Envelope<?> found, Metadata.FileMeta expected)
      throws TrustException {
    if (!Metadata.FileMeta.of(found).equals(expected)) {
      throw new TrustException(
          TrustException.Reason.MISMATCH,
          what + ": " + Metadata.FileMeta.of(found) + " (expected: " + expected + ")");
    }
  }

  private static void requireNotOlder(String what, long version, long known) throws TrustException {
    if (version < known) {
      throw new TrustException(
          TrustException.Reason.ROLLBACK,
          what + ": version " + version + " (expected: at least " + known + ", known already)");
    }
  }

  private static <T extends Metadata> T named(@Nullable Envelope<T> envelope, String what) {
    if (envelope == null) {
      throw new IllegalStateException(what + " has to be checked first");
    }
    return envelope.metadata();
  }

  /** What is to be remembered: root, timestamp and snapshot. */
  public byte[] encode() {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("root", root.bytes());
    if (timestamp != null) {
      node.put("timestamp", timestamp.bytes());
    }
    if (snapshot != null) {
      node.put("snapshot", snapshot.bytes());
    }
    try {
      return JSON.writeValueAsBytes(node);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("every state can be written", e);
    }
  }

  /**
   * Reads what {@link #encode} wrote and was checked then; who could change it could also change
   * the program.
   */
  public static TrustedImage decode(byte[] bytes) throws IOException {
    JsonNode node = JSON.readTree(bytes);
    try {
      return new TrustedImage(
          Envelope.parse("root", node.path("root").binaryValue(), LONGEST, Root::decode),
          node.has("timestamp")
              ? Envelope.parse(
                  "timestamp", node.path("timestamp").binaryValue(), LONGEST, Timestamp::decode)
              : null,
          node.has("snapshot")
              ? Envelope.parse(
                  "snapshot", node.path("snapshot").binaryValue(), LONGEST, Snapshot::decode)
              : null,
          null,
          Map.of());
    } catch (TrustException e) {
      throw new IOException("trust record: " + e.getMessage(), e);
    }
  }
}
