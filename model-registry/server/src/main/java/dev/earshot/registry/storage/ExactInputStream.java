package dev.earshot.registry.storage;

import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * Gives exactly so many bytes: no more, and an early end is an error, not an end. One thread at a
 * time.
 */
final class ExactInputStream extends FilterInputStream {
  private final String name;
  private final long length;
  private long left;

  /**
   * @param name for messages
   * @param length bytes that must come
   */
  ExactInputStream(InputStream in, String name, long length) {
    super(in);
    this.name = name;
    this.length = length;
    this.left = length;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int offset, int count) throws IOException {
    if (left == 0) {
      return count == 0 ? 0 : -1;
    }
    int got = in.read(into, offset, (int) Math.min(count, left));
    if (got < 0) {
      throw new EOFException(
          "%s: ended after %d bytes (expected: %d)".formatted(name, length - left, length));
    }
    left -= got;
    return got;
  }

  @Override
  public long skip(long count) throws IOException {
    long skipped = in.skip(Math.min(count, left));
    left -= skipped;
    return skipped;
  }

  @Override
  public int available() throws IOException {
    return (int) Math.min(in.available(), left);
  }

  @Override
  public boolean markSupported() {
    return false;
  }
}
