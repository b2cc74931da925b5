package dev.earshot.cli.trust;

import dev.earshot.protocol.trust.Envelope;
import dev.earshot.protocol.trust.Metadata;
import dev.earshot.protocol.trust.MetadataFile;
import dev.earshot.protocol.trust.RoleKeys;
import dev.earshot.protocol.trust.Root;
import dev.earshot.protocol.trust.Snapshot;
import dev.earshot.protocol.trust.Targets;
import dev.earshot.protocol.trust.Timestamp;
import dev.earshot.protocol.trust.TrustException;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Walks a chain of signed metadata and says of each document what a careful keeper wants to know:
 * its version, when it expires, who of whom signed it, and everything that is wrong, not only the
 * first thing.
 */
final class ChainReport {
  private final PrintStream out;
  private final String side;
  private final Function<String, Optional<byte[]>> files;
  private final Instant now;
  private final Duration soon;
  private int problems;

  /**
   * @param files by the names under which devices ask
   * @param soon what expires within that time is told
   */
  ChainReport(
      PrintStream out,
      String side,
      Function<String, Optional<byte[]>> files,
      Instant now,
      Duration soon) {
    this.out = out;
    this.side = side;
    this.files = files;
    this.now = now;
    this.soon = soon;
  }

  /** How many things are wrong so far. */
  int problems() {
    return problems;
  }

  /** From the pinned root to the newest; empty when the chain breaks. */
  Optional<Root> roots(long version, byte[] pinned) {
    Envelope<? extends Metadata> first = read(new MetadataFile("root", version), pinned);
    if (first == null || !(first.metadata() instanceof Root root)) {
      return Optional.empty();
    }
    List<String> wrong = new ArrayList<>();
    signatures(first, root.keys(Root.Role.ROOT), "its own root keys", wrong);
    boolean last = files.apply(root.version() + 1 + ".root.json").isEmpty();
    told(root.version() + ".root.json (pinned)", first, root.keys(Root.Role.ROOT), wrong, last);
    while (!last) {
      MetadataFile file = new MetadataFile("root", root.version() + 1);
      byte[] bytes = files.apply(file.name()).orElseThrow();
      Envelope<? extends Metadata> next = read(file, bytes);
      if (next == null || !(next.metadata() instanceof Root following)) {
        return Optional.empty();
      }
      wrong = new ArrayList<>();
      signatures(next, root.keys(Root.Role.ROOT), "the root keys before", wrong);
      signatures(next, following.keys(Root.Role.ROOT), "its own root keys", wrong);
      root = following;
      last = files.apply(root.version() + 1 + ".root.json").isEmpty();
      told(file.name(), next, root.keys(Root.Role.ROOT), wrong, last);
    }
    return Optional.of(root);
  }

  /** The newest targets of a folder, whose snapshot only the registry signs. */
  void targets(Root root, Targets newest) {
    MetadataFile file = new MetadataFile("targets", newest.version());
    var _ = document(file, root.keys(Root.Role.TARGETS), null);
    newest.delegations().forEach(each -> out.println("      " + delegated(each)));
  }

  /** From the timestamp down, as the registry serves it. */
  void online(Root root) {
    Metadata timestamp = document(MetadataFile.TIMESTAMP, root.keys(Root.Role.TIMESTAMP), null);
    if (!(timestamp instanceof Timestamp newest)) {
      return;
    }
    MetadataFile name = new MetadataFile("snapshot", newest.snapshot().version());
    Metadata found = document(name, root.keys(Root.Role.SNAPSHOT), newest.snapshot());
    if (!(found instanceof Snapshot snapshot)) {
      return;
    }
    Metadata.FileMeta listed = snapshot.files().get("targets.json");
    if (listed == null) {
      wrong("snapshot.json does not list targets.json");
      return;
    }
    MetadataFile top = new MetadataFile("targets", listed.version());
    if (!(document(top, root.keys(Root.Role.TARGETS), listed) instanceof Targets targets)) {
      return;
    }
    for (Targets.Delegation each : targets.delegations()) {
      Metadata.FileMeta meta = snapshot.files().get(each.name() + ".json");
      if (meta == null) {
        out.println("  " + each.name() + ".json: nothing listed yet");
      } else {
        Metadata role = document(new MetadataFile(each.name(), meta.version()), each.keys(), meta);
        if (role instanceof Targets releases) {
          releases.targets().keySet().forEach(path -> out.println("      " + path));
        }
      }
      out.println("      " + delegated(each));
    }
  }

  private static String delegated(Targets.Delegation each) {
    return MetadataText.keys("role " + each.name(), each.keys())
        + ", for "
        + String.join(" ", each.paths());
  }

  private @Nullable Metadata document(
      MetadataFile file, RoleKeys keys, Metadata.@Nullable FileMeta expected) {
    Optional<byte[]> bytes = files.apply(file.name());
    if (bytes.isEmpty()) {
      wrong(file + " is not there");
      return null;
    }
    Envelope<? extends Metadata> read = read(file, bytes.get());
    if (read == null) {
      return null;
    }
    List<String> wrong = new ArrayList<>();
    signatures(read, keys, "the role's keys", wrong);
    if (expected != null && !Metadata.FileMeta.of(read).equals(expected)) {
      wrong.add("is not the file that the metadata above it names");
    }
    told(file.name(), read, keys, wrong, true);
    return read.metadata();
  }

  private static void signatures(
      Envelope<? extends Metadata> signed, RoleKeys keys, String whose, List<String> wrong) {
    int valid = signed.validSignatures(keys);
    if (valid < keys.threshold()) {
      wrong.add(
          "%d valid signatures by %s (expected: at least %d of %d; could sign: %s)"
              .formatted(
                  valid,
                  whose,
                  keys.threshold(),
                  keys.keys().size(),
                  MetadataText.ids(
                      keys.keys().keySet().stream()
                          .filter(id -> !signed.keyIds().contains(id))
                          .toList())));
    }
  }

  private void told(
      String name,
      Envelope<? extends Metadata> signed,
      RoleKeys keys,
      List<String> wrong,
      boolean mustBeFresh) {
    out.printf(
        "  %-24s version %d, signed by %d, needs %d of %d (%s), expires %s%s%n",
        name,
        signed.metadata().version(),
        signed.validSignatures(keys),
        keys.threshold(),
        keys.keys().size(),
        MetadataText.ids(signed.keyIds()),
        signed.metadata().expires(),
        mustBeFresh ? left(signed.metadata().expires()) : " (superseded)");
    if (mustBeFresh && !now.isBefore(signed.metadata().expires())) {
      wrong.add("has expired: devices install nothing (fix: sign its next version)");
    }
    wrong.forEach(this::wrong);
  }

  private String left(Instant expires) {
    Duration left = Duration.between(now, expires);
    if (left.isNegative() || left.isZero()) {
      return "";
    }
    String time = left.toDays() > 1 ? left.toDays() + " days" : left.toHours() + " hours";
    return left.compareTo(soon) < 0 ? ", SOON: in " + time : ", in " + time;
  }

  private @Nullable Envelope<? extends Metadata> read(MetadataFile file, byte[] bytes) {
    try {
      return file.read(bytes);
    } catch (TrustException e) {
      wrong(String.valueOf(e.getMessage()));
      return null;
    }
  }

  /** Counts and tells something that is wrong. */
  void wrong(String what) {
    problems++;
    out.println("    WRONG (" + side + "): " + what);
  }
}
