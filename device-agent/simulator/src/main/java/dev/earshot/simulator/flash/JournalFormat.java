package dev.earshot.simulator.flash;

import dev.earshot.agent.port.Flash;
import dev.earshot.protocol.Digest;
import dev.earshot.protocol.v1.Slot;
import java.nio.ByteBuffer;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * The journal's entries: {@code int length, int CRC-32C of the payload, payload}. A payload is
 * {@code byte type, int device} and then, for a record, its bytes; for what a device believes, 32
 * bytes digest; for a slot, {@code byte slot, byte parts} and for each part {@code byte part, 32
 * bytes digest}. Big endian.
 */
final class JournalFormat {
  private static final byte RECORD = 1;
  private static final byte SLOT = 2;
  private static final byte TRUST = 3;
  private static final int HEAD = 8;
  private static final int DIGEST = 32;
  private static final int LONGEST = 1 << 20;

  private JournalFormat() {}

  /** What an entry says. */
  sealed interface Entry {
    int device();

    @SuppressWarnings("ArrayRecordComponent") // passed on, never compared
    record StateRecord(int device, byte[] bytes) implements Entry {}

    record Trust(int device, Digest content) implements Entry {}

    record SlotContent(int device, Slot slot, Map<Flash.Part, Digest> parts) implements Entry {}
  }

  static ByteBuffer encode(Entry entry) {
    return switch (entry) {
      case Entry.StateRecord(int device, byte[] bytes) -> {
        ByteBuffer buffer = begin(RECORD, device, bytes.length);
        buffer.put(bytes);
        yield end(buffer);
      }
      case Entry.Trust(int device, Digest content) -> {
        ByteBuffer buffer = begin(TRUST, device, DIGEST);
        buffer.put(content.bytes());
        yield end(buffer);
      }
      case Entry.SlotContent(int device, Slot slot, Map<Flash.Part, Digest> parts) -> {
        ByteBuffer buffer = begin(SLOT, device, 2 + parts.size() * (1 + DIGEST));
        buffer.put((byte) slot.getNumber()).put((byte) parts.size());
        parts.forEach((part, digest) -> buffer.put(code(part)).put(digest.bytes()));
        yield end(buffer);
      }
    };
  }

  /** The next entry; empty at the end or where the journal is torn. Advances only over an entry. */
  static Optional<Entry> decode(ByteBuffer journal) {
    if (journal.remaining() < HEAD) {
      return Optional.empty();
    }
    int start = journal.position();
    int length = journal.getInt(start);
    int checksum = journal.getInt(start + 4);
    if (length < 5 || length > LONGEST || length > journal.remaining() - HEAD) {
      return Optional.empty();
    }
    ByteBuffer payload = journal.slice(start + HEAD, length);
    if (checksum(payload.duplicate()) != checksum) {
      return Optional.empty();
    }
    journal.position(start + HEAD + length);
    byte type = payload.get();
    int device = payload.getInt();
    if (type == RECORD) {
      byte[] bytes = new byte[payload.remaining()];
      payload.get(bytes);
      return Optional.of(new Entry.StateRecord(device, bytes));
    }
    if (type == TRUST) {
      return Optional.of(new Entry.Trust(device, digest(payload)));
    }
    Slot slot = payload.get() == Slot.SLOT_A_VALUE ? Slot.SLOT_A : Slot.SLOT_B;
    Map<Flash.Part, Digest> parts = new EnumMap<>(Flash.Part.class);
    for (int left = payload.get(); left > 0; left--) {
      Flash.Part part = part(payload.get());
      parts.put(part, digest(payload));
    }
    return Optional.of(new Entry.SlotContent(device, slot, parts));
  }

  private static Digest digest(ByteBuffer payload) {
    byte[] digest = new byte[DIGEST];
    payload.get(digest);
    return Digest.ofBytes(digest);
  }

  private static byte code(Flash.Part part) {
    return switch (part) {
      case MANIFEST -> 0;
      case SELF_TEST -> 1;
      case MODEL -> 2;
    };
  }

  private static Flash.Part part(byte code) {
    return switch (code) {
      case 0 -> Flash.Part.MANIFEST;
      case 1 -> Flash.Part.SELF_TEST;
      default -> Flash.Part.MODEL;
    };
  }

  private static ByteBuffer begin(byte type, int device, int body) {
    ByteBuffer buffer = ByteBuffer.allocate(HEAD + 5 + body);
    return buffer.position(HEAD).put(type).putInt(device);
  }

  private static ByteBuffer end(ByteBuffer buffer) {
    buffer.flip();
    buffer.putInt(0, buffer.limit() - HEAD);
    buffer.putInt(4, checksum(buffer.slice(HEAD, buffer.limit() - HEAD)));
    return buffer;
  }

  private static int checksum(ByteBuffer payload) {
    CRC32C crc = new CRC32C();
    crc.update(payload);
    return (int) crc.getValue();
  }
}
