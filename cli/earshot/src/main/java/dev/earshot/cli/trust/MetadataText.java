package dev.earshot.cli.trust;

import dev.earshot.protocol.trust.Envelope;
import dev.earshot.protocol.trust.Metadata;
import dev.earshot.protocol.trust.MetadataFile;
import dev.earshot.protocol.trust.Order;
import dev.earshot.protocol.trust.RoleKeys;
import dev.earshot.protocol.trust.Root;
import dev.earshot.protocol.trust.Snapshot;
import dev.earshot.protocol.trust.Targets;
import dev.earshot.protocol.trust.Timestamp;
import java.io.PrintStream;
import java.util.List;

/** Signed metadata in words. */
final class MetadataText {
  private MetadataText() {}

  static void print(PrintStream out, MetadataFile file, Envelope<? extends Metadata> signed) {
    Metadata metadata = signed.metadata();
    out.printf(
        "%s  version %d  expires %s  %d bytes  %s%n",
        file.role(), metadata.version(), metadata.expires(), signed.length(), signed.digest());
    out.println("  signatures by " + (signed.keyIds().isEmpty() ? "nobody" : ids(signed.keyIds())));
    switch (metadata) {
      case Root root ->
          root.roles().forEach((role, keys) -> out.println("  " + keys(role.word(), keys)));
      case Targets targets -> targets(out, targets);
      case Snapshot snapshot ->
          snapshot
              .files()
              .forEach((name, meta) -> out.printf("  %s version %d%n", name, meta.version()));
      case Timestamp timestamp ->
          out.println("  snapshot.json version " + timestamp.snapshot().version());
      case Order order -> out.println("  order for " + order.device() + ": " + order.action());
    }
  }

  private static void targets(PrintStream out, Targets targets) {
    targets
        .targets()
        .forEach(
            (path, target) ->
                out.printf(
                    "  %s  counter %d  chips %s  %s%n",
                    path, target.counter(), target.chips(), target.digest()));
    for (Targets.Delegation delegation : targets.delegations()) {
      out.printf(
          "  %s, for %s%n",
          keys("role " + delegation.name(), delegation.keys()),
          String.join(" ", delegation.paths()));
    }
  }

  /** {@code root: 2 of 3 keys, 1a2b3c4d, ...}. */
  static String keys(String role, RoleKeys keys) {
    return "%s: %d of %d keys, %s"
        .formatted(
            role, keys.threshold(), keys.keys().size(), ids(List.copyOf(keys.keys().keySet())));
  }

  static String ids(List<String> ids) {
    return String.join(
        " ", ids.stream().map(id -> id.substring(0, Math.min(12, id.length()))).toList());
  }
}
