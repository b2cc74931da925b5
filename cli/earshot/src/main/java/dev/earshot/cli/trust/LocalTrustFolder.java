package dev.earshot.cli.trust;

import dev.earshot.cli.UserError;
import dev.earshot.protocol.trust.KeyFile;
import dev.earshot.protocol.trust.LocalTrust;
import dev.earshot.protocol.trust.SigningKey;
import dev.earshot.protocol.trust.TrustAnchors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;

/**
 * All keys of one machine's system in a folder: {@code image-root.json} and {@code
 * director-root.json}, which devices and services are given, and {@code keys/}, which nobody is.
 */
public final class LocalTrustFolder {
  private static final int YEARS = 20;

  private final Path folder;

  private LocalTrustFolder(Path folder) {
    this.folder = folder;
  }

  /** That of a data folder. */
  public static LocalTrustFolder in(Path data) {
    return new LocalTrustFolder(data.resolve("trust"));
  }

  /** What devices and services are given. */
  public Path path() {
    return folder;
  }

  /** The file of a key, such as {@code publisher}. */
  public Path key(String role) {
    return folder.resolve("keys").resolve(role + ".key");
  }

  /**
   * Reads it, or makes it at the first use. The keys come first, so that roots that are there are
   * complete.
   *
   * @param now by the fleet's clock; nothing expires for {@value #YEARS} years from then
   */
  public LocalTrust open(Instant now) {
    try {
      boolean there = Files.exists(folder.resolve(TrustAnchors.IMAGE_ROOT));
      Instant expires =
          there
              ? TrustAnchors.read(folder).image().root().expires()
              : OffsetDateTime.ofInstant(now, ZoneOffset.UTC)
                  .plusYears(YEARS)
                  .withNano(0)
                  .toInstant();
      Files.createDirectories(folder.resolve("keys"));
      keepOlderPublisher();
      LocalTrust trust = LocalTrust.of(this::readOrMake, expires);
      if (!there) {
        trust.anchors().write(folder);
      }
      return trust;
    } catch (IOException e) {
      throw new UserError("can't use " + folder + ": " + e.getMessage(), e);
    }
  }

  /**
   * A data folder of before there was a trust chain has its publisher's key beside this one. Its
   * releases are signed by it, so it stays the publisher's.
   */
  private void keepOlderPublisher() throws IOException {
    Path older = folder.resolveSibling("publisher.key");
    Path key = key(LocalTrust.PUBLISHER);
    if (Files.exists(older) && !Files.exists(key)) {
      Files.move(older, key);
    }
  }

  private SigningKey readOrMake(String role) {
    Path file = key(role);
    if (Files.exists(file)) {
      return KeyFile.read(
          file,
          () -> {
            throw new UserError(file + " is encrypted (expected: a key of `earshot up`)");
          });
    }
    try {
      SigningKey key = SigningKey.generate();
      KeyFile.writePlain(file, key);
      return key;
    } catch (IOException e) {
      throw new UserError("can't write " + file + ": " + e.getMessage(), e);
    }
  }
}
