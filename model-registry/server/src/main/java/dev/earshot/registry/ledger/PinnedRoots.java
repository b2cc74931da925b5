package dev.earshot.registry.ledger;

import com.google.protobuf.ByteString;
import dev.earshot.protocol.trust.LocalTrust;
import dev.earshot.protocol.trust.TrustAnchors;
import dev.earshot.protocol.trust.TrustException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The roots that a system's devices are given at the factory, as files. A registry begins with the
 * same ones, so that nobody who can write to its topic can give it others.
 */
public record PinnedRoots(ByteString image, ByteString director) {
  public PinnedRoots {
    var _ = anchors(image, director);
  }

  public static PinnedRoots of(LocalTrust trust) {
    return new PinnedRoots(
        ByteString.copyFrom(trust.firstImageRoot().bytes()),
        ByteString.copyFrom(trust.firstDirectorRoot().bytes()));
  }

  /**
   * Reads both files of a trust folder.
   *
   * @throws IllegalArgumentException naming the file that is missing or wrong
   */
  public static PinnedRoots read(Path folder) {
    return new PinnedRoots(
        read(folder.resolve(TrustAnchors.IMAGE_ROOT), "image"),
        read(folder.resolve(TrustAnchors.DIRECTOR_ROOT), "director"));
  }

  private static ByteString read(Path file, String side) {
    try {
      return ByteString.copyFrom(Files.readAllBytes(file));
    } catch (IOException e) {
      throw new IllegalArgumentException(
          file
              + ": can't be read (expected: the "
              + side
              + " side's first root, as 'earshot trust init' writes it)",
          e);
    }
  }

  public TrustAnchors anchors() {
    return anchors(image, director);
  }

  private static TrustAnchors anchors(ByteString image, ByteString director) {
    try {
      return TrustAnchors.of(image.toByteArray(), director.toByteArray());
    } catch (TrustException e) {
      throw new IllegalArgumentException("pinned roots: " + e.getMessage(), e);
    }
  }
}
