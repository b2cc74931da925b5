package dev.earshot.agent.outbox;

import dev.earshot.agent.port.Outbox.Line;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * What a page says, big-endian: the letters {@code EARO} and the format's version 1 (8 bytes),
 * revision (8), the line's first and next (8, 8) and untold (4), the heartbeat's index (8; -1:
 * none) and length (4), the heartbeat; in the last 4 bytes of the page a CRC-32C of all before
 * them.
 *
 * @param revision counts the pages that were written; the highest says where the line stands
 * @param index of the heartbeat in it; {@link #NO_ENTRY} when it holds none
 */
@SuppressWarnings("ArrayRecordComponent") // bytes on their way to the medium, compared by nobody
record Page(long revision, Line line, long index, byte[] heartbeat) {
  static final long NO_ENTRY = -1;

  private static final long MAGIC = 0x4541_524f_0000_0001L;
  private static final int HEADER_BYTES = 8 + 8 + 8 + 8 + 4 + 8 + 4;
  private static final int CHECKSUM_AT = Pages.PAGE_BYTES - 4;

  /**
   * How long a heartbeat may be. Its protocol's bounds (five histograms of 32 and one of 20, five
   * bytes a bucket) keep it below 1.3 KiB.
   */
  static final int MOST_HEARTBEAT_BYTES = CHECKSUM_AT - HEADER_BYTES;

  byte[] encode() {
    if (heartbeat.length > MOST_HEARTBEAT_BYTES) {
      throw new IllegalArgumentException(
          "heartbeat: "
              + heartbeat.length
              + " bytes (expected: at most "
              + MOST_HEARTBEAT_BYTES
              + ")");
    }
    ByteBuffer out = ByteBuffer.allocate(Pages.PAGE_BYTES);
    out.putLong(MAGIC).putLong(revision);
    out.putLong(line.first()).putLong(line.next()).putInt(line.untold());
    out.putLong(index).putInt(heartbeat.length).put(heartbeat);
    out.putInt(CHECKSUM_AT, checksum(out.array()));
    return out.array();
  }

  /** Empty when it was never written, or is torn or damaged. */
  static Optional<Page> decode(byte[] content) {
    ByteBuffer in = ByteBuffer.wrap(content);
    if (in.getInt(CHECKSUM_AT) != checksum(content) || in.getLong() != MAGIC) {
      return Optional.empty();
    }
    long revision = in.getLong();
    Line line = new Line(in.getLong(), in.getLong(), in.getInt());
    long index = in.getLong();
    int length = Math.clamp(in.getInt(), 0, MOST_HEARTBEAT_BYTES);
    return Optional.of(
        new Page(
            revision,
            line,
            index,
            Arrays.copyOfRange(content, HEADER_BYTES, HEADER_BYTES + length)));
  }

  private static int checksum(byte[] content) {
    CRC32C crc = new CRC32C();
    crc.update(content, 0, CHECKSUM_AT);
    return (int) crc.getValue();
  }
}
