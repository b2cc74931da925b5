package dev.earshot.cli.bench.gateway;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * What one connection has sent and not got acknowledged yet. Packet ids count from 1 to 65,535 and
 * over again, and PUBACKs must come in that order. One thread only.
 */
final class AckWindow {
  /** There are no more packet ids than these. */
  static final int IDS = 65_535;

  private static final int PUBACK_BYTES = 4;
  private static final int PUBACK_HEAD = 0x4002;

  private final byte[] begun = new byte[PUBACK_BYTES];
  private int begunBytes;
  private long sent;
  private long acknowledged;

  /** The packet id of the message that is sent now. */
  int next() {
    return id(sent++);
  }

  /** Sent and not acknowledged. */
  long inFlight() {
    return sent - acknowledged;
  }

  /** Messages sent in all. */
  long sent() {
    return sent;
  }

  /** Messages acknowledged in all. */
  long acknowledged() {
    return acknowledged;
  }

  /**
   * Takes what came from the server, to its end; a PUBACK that is not whole goes on in the next.
   *
   * @return how many messages it acknowledged
   * @throws IOException when it is anything but the PUBACKs that are due
   */
  int read(ByteBuffer in) throws IOException {
    int count = 0;
    if (begunBytes > 0) {
      while (begunBytes < PUBACK_BYTES && in.hasRemaining()) {
        begun[begunBytes++] = in.get();
      }
      if (begunBytes < PUBACK_BYTES) {
        return 0;
      }
      take(ByteBuffer.wrap(begun).getInt());
      begunBytes = 0;
      count++;
    }
    while (in.remaining() >= PUBACK_BYTES) {
      take(in.getInt());
      count++;
    }
    while (in.hasRemaining()) {
      begun[begunBytes++] = in.get();
    }
    return count;
  }

  private void take(int packet) throws IOException {
    int due = id(acknowledged);
    if (packet >>> 16 != PUBACK_HEAD || inFlight() == 0 || (packet & 0xFFFF) != due) {
      throw new IOException(
          "the server sent %08x (expected: %s)"
              .formatted(
                  packet,
                  inFlight() == 0 ? "nothing" : "%08x, a PUBACK".formatted(PUBACK_HEAD << 16 | due)));
    }
    acknowledged++;
  }

  private static int id(long message) {
    return (int) (message % IDS) + 1;
  }
}
