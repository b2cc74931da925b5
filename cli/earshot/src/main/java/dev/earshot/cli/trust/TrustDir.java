package dev.earshot.cli.trust;

import dev.earshot.cli.UserError;
import dev.earshot.protocol.trust.Envelope;
import dev.earshot.protocol.trust.Metadata;
import dev.earshot.protocol.trust.MetadataFile;
import dev.earshot.protocol.trust.Root;
import dev.earshot.protocol.trust.Targets;
import dev.earshot.protocol.trust.TrustAnchors;
import dev.earshot.protocol.trust.TrustException;
import dev.earshot.registry.ledger.Side;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A folder of signed metadata on its keepers' disk: the two first roots, which devices are given,
 * and below {@code image/} and {@code director/} everything later, named as the registry names it.
 */
final class TrustDir {
  private final Path folder;

  TrustDir(Path folder) {
    this.folder = folder;
  }

  Path folder() {
    return folder;
  }

  /** Where a file lies, or will. */
  Path path(Side side, MetadataFile file) {
    if (file.isRoot() && file.version() == 1) {
      return folder.resolve(
          switch (side) {
            case IMAGE -> TrustAnchors.IMAGE_ROOT;
            case DIRECTOR -> TrustAnchors.DIRECTOR_ROOT;
          });
    }
    return folder.resolve(side.word()).resolve(file.name());
  }

  /** All that lies here of one side, roots first, each role by version. */
  List<MetadataFile> files(Side side) {
    List<MetadataFile> found = new ArrayList<>();
    MetadataFile first = new MetadataFile("root", 1);
    if (Files.exists(path(side, first))) {
      found.add(first);
    }
    Path below = folder.resolve(side.word());
    if (Files.isDirectory(below)) {
      try (Stream<Path> names = Files.list(below)) {
        names
            .map(path -> MetadataFile.find(path.getFileName().toString()))
            .flatMap(Optional::stream)
            .forEach(found::add);
      } catch (IOException e) {
        throw new UserError(below + ": can't be read: " + e.getMessage(), e);
      }
    }
    found.sort(
        Comparator.comparing((MetadataFile file) -> !file.isRoot())
            .thenComparing(file -> !file.isTargets())
            .thenComparing(MetadataFile::role)
            .thenComparing(MetadataFile::version));
    return found;
  }

  Optional<byte[]> bytes(Side side, MetadataFile file) {
    Path path = path(side, file);
    try {
      return Files.exists(path) ? Optional.of(Files.readAllBytes(path)) : Optional.empty();
    } catch (IOException e) {
      throw new UserError(path + ": can't be read: " + e.getMessage(), e);
    }
  }

  /** The newest root of a side. */
  Root root(Side side) {
    return (Root)
        newest(side, "root")
            .orElseThrow(
                () ->
                    new UserError(
                        path(side, new MetadataFile("root", 1))
                            + " is missing (expected: a folder that `earshot trust init` made)"))
            .metadata();
  }

  /** The newest top-level targets. */
  Targets targets() {
    return (Targets)
        newest(Side.IMAGE, "targets")
            .orElseThrow(
                () ->
                    new UserError(
                        folder.resolve("image")
                            + " has no targets.json (fix: `earshot trust init`)"))
            .metadata();
  }

  private Optional<Envelope<? extends Metadata>> newest(Side side, String role) {
    return files(side).stream()
        .filter(file -> file.role().equals(role))
        .max(Comparator.comparingLong(MetadataFile::version))
        .map(file -> read(path(side, file), file));
  }

  /** Reads a file of that name. */
  static Envelope<? extends Metadata> read(Path path, MetadataFile file) {
    try {
      return file.read(Files.readAllBytes(path));
    } catch (IOException e) {
      throw new UserError(path + ": can't be read: " + e.getMessage(), e);
    } catch (TrustException e) {
      throw new UserError(path + ": " + e.getMessage(), e);
    }
  }

  /** Writes a new file; a version that is there is never written over. */
  Path write(Side side, String role, Envelope<?> signed) {
    Path path = path(side, MetadataFile.of(role, signed.metadata()));
    if (Files.exists(path)) {
      throw new UserError(path + " is there already; a version never changes");
    }
    try {
      Files.createDirectories(path.toAbsolutePath().getParent());
      Files.write(path, signed.bytes());
      return path;
    } catch (IOException e) {
      throw new UserError(path + ": can't be written: " + e.getMessage(), e);
    }
  }

  /** What a file of any name is: by its name when that says it, else by its content. */
  static MetadataFile kind(Path path) {
    String name = path.getFileName().toString();
    return name.equals(TrustAnchors.IMAGE_ROOT) || name.equals(TrustAnchors.DIRECTOR_ROOT)
        ? new MetadataFile("root", 1)
        : MetadataFile.parse(name);
  }
}
