package dev.earshot.registry.blob;

import dev.earshot.protocol.Digest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * An upload session while one request holds it. Calls may come from different threads, one after
 * the other; {@link #close} also while another call runs.
 */
public final class UploadSession implements AutoCloseable {
  private static final int CHUNK = 64 * 1024;

  private final String id;
  private final long longest;
  private final UploadSessions.Begin begin;
  private final Path file;
  private final FileChannel channel;
  private final Runnable release;
  private long offset;
  private boolean open = true;

  UploadSession(
      String id,
      long longest,
      UploadSessions.Begin begin,
      Path file,
      FileChannel channel,
      Runnable release)
      throws IOException {
    this.id = id;
    this.longest = longest;
    this.begin = begin;
    this.file = file;
    this.channel = channel;
    this.release = release;
    this.offset = channel.size();
  }

  /** What the client finds it by; whoever knows it may add to it. */
  public String id() {
    return id;
  }

  /** How many bytes it holds: where the next must begin. */
  public synchronized long offset() {
    return offset;
  }

  /**
   * Adds bytes at the offset. What was added stays when the session is closed.
   *
   * @throws BlobRefusedException when the blob gets longer than the store takes; none of the chunk
   *     is kept
   */
  public synchronized void write(byte[] chunk) throws IOException {
    BlobRefusedException.requireLength(offset + chunk.length, longest);
    ByteBuffer bytes = ByteBuffer.wrap(chunk);
    long at = offset;
    while (bytes.hasRemaining()) {
      at += channel.write(bytes, at);
    }
    offset = at;
  }

  /**
   * Makes what it holds a blob and ends the session. The bytes are read back and verified on their
   * way to a file of their own, so that nobody who still has this one open can change the blob.
   *
   * @throws BlobRefusedException when the bytes are not the announced ones; the session stays
   */
  public synchronized StoredBlob finish(Digest announced) throws IOException {
    StoredBlob blob;
    try (BlobUpload upload = begin.of(announced)) {
      ByteBuffer buffer = ByteBuffer.allocate(CHUNK);
      for (long at = 0; at < offset; ) {
        int got = channel.read(buffer.clear().limit((int) Math.min(CHUNK, offset - at)), at);
        if (got < 0) {
          throw new IOException("upload " + id + ": ends at " + at + " of " + offset);
        }
        at += got;
        upload.write(buffer.flip());
      }
      blob = upload.commit();
    }
    cancel();
    return blob;
  }

  /** Ends the session without a trace. */
  public synchronized void cancel() throws IOException {
    Files.deleteIfExists(file);
    close();
  }

  /** Lets others go on with it. May be called more than once. */
  @Override
  public synchronized void close() throws IOException {
    if (open) {
      open = false;
      try {
        channel.close();
      } finally {
        release.run();
      }
    }
  }
}
