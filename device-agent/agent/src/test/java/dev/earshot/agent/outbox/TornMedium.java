package dev.earshot.agent.outbox;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Pages in memory with a cache that a power cut loses, page by page: what was written and not
 * forced is there afterwards, or is not, or is torn at any byte. Fails on order.
 */
public final class TornMedium {
  /** The power is gone in the middle of an operation. */
  public static final class PowerCut extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  private record Write(int page, byte[] content) {}

  private final byte[][] medium;
  private final List<Write> cache = new ArrayList<>();
  private final SplittableRandom random;
  private int operationsLeft = Integer.MAX_VALUE;
  private boolean off;

  /** Writes fail, as on a medium that the kernel has made read-only. */
  public boolean readOnly;

  /** Pages for that many waiting heartbeats, all zero. */
  public TornMedium(int capacity, SplittableRandom random) {
    this.medium = new byte[RingOutbox.pagesFor(capacity)][Pages.PAGE_BYTES];
    this.random = random;
  }

  /** The ring in it, as it is read after a restart. */
  public RingOutbox open() {
    try {
      return new RingOutbox(new Cached());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** The power fails in the n-th write or force from now (1: the next). */
  public void cutAtOperation(int n) {
    operationsLeft = n - 1;
  }

  public boolean isOff() {
    return off;
  }

  /** The power is cut now, whatever is going on; and comes back. */
  public void powerCut() {
    for (Write write : cache) {
      byte[] before = medium[write.page()].clone();
      byte[] after = write.content();
      int torn =
          switch (random.nextInt(3)) {
            case 0 -> 0;
            case 1 -> after.length;
            default -> random.nextInt(after.length);
          };
      System.arraycopy(after, 0, before, 0, torn);
      medium[write.page()] = before;
    }
    cache.clear();
    operationsLeft = Integer.MAX_VALUE;
    off = false;
  }

  /** The medium changes a bit of a page by itself. */
  void rot(int page) {
    medium[page][random.nextInt(Pages.PAGE_BYTES)] ^= (byte) (1 << random.nextInt(8));
  }

  private final class Cached implements Pages {
    @Override
    public int count() {
      return medium.length;
    }

    @Override
    public byte[] read(int page) {
      byte[] content = medium[page];
      for (Write write : cache) {
        content = write.page() == page ? write.content() : content;
      }
      return content.clone();
    }

    @Override
    public void write(int page, byte[] content) throws IOException {
      requireWritable();
      cache.add(new Write(page, content.clone()));
      operate();
    }

    @Override
    public void force() throws IOException {
      requireWritable();
      operate();
      cache.forEach(write -> medium[write.page()] = write.content());
      cache.clear();
    }

    @Override
    public void close() {
      // stays
    }

    private void operate() {
      if (operationsLeft-- == 0) {
        off = true;
        throw new PowerCut();
      }
    }

    private void requireWritable() throws IOException {
      if (off) {
        throw new PowerCut();
      }
      if (readOnly) {
        throw new IOException("read-only (remount it writable)");
      }
    }
  }
}
