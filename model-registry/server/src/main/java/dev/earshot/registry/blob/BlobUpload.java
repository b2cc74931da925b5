package dev.earshot.registry.blob;

import dev.earshot.protocol.Digest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;

/**
 * One blob on its way in: bytes go to a temporary file and through the digest at once, so memory
 * holds a chunk at most. Ends with {@link #commit} or without a trace. Calls may come from
 * different threads, one after the other; {@link #close} also while another call runs.
 */
public final class BlobUpload implements AutoCloseable {
  private final BlobStore store;
  private final Digest announced;
  private final Path part;
  private final FileChannel channel;
  private final MessageDigest sha256 = Digest.sha256();
  private long length;

  BlobUpload(BlobStore store, Digest announced, Path part) throws IOException {
    this.store = store;
    this.announced = announced;
    this.part = part;
    this.channel = FileChannel.open(part, StandardOpenOption.WRITE);
  }

  /**
   * Takes the next bytes.
   *
   * @throws BlobRefusedException when the blob gets longer than the store takes
   */
  public void write(byte[] chunk) throws IOException {
    write(ByteBuffer.wrap(chunk));
  }

  synchronized void write(ByteBuffer chunk) throws IOException {
    length = BlobRefusedException.requireLength(length + chunk.remaining(), store.longest());
    sha256.update(chunk.duplicate());
    while (chunk.hasRemaining()) {
      channel.write(chunk);
    }
  }

  /**
   * Ends the upload. When this returns, the blob survives a power cut.
   *
   * @throws BlobRefusedException when the bytes are not the announced ones
   */
  public synchronized StoredBlob commit() throws IOException {
    Digest actual = Digest.ofBytes(sha256.digest());
    if (!actual.equals(announced)) {
      throw new BlobRefusedException(
          BlobRefusedException.Reason.DIGEST,
          "blob: content is " + actual + " (expected: " + announced + ")");
    }
    channel.force(true);
    channel.close();
    return store.publish(part, announced);
  }

  /** Drops what was not committed. May be called more than once. */
  @Override
  public synchronized void close() throws IOException {
    channel.close();
    Files.deleteIfExists(part);
  }
}
