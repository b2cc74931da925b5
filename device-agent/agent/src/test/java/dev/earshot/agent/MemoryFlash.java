package dev.earshot.agent;

import dev.earshot.agent.port.Flash;
import dev.earshot.protocol.Digest;
import dev.earshot.protocol.v1.Slot;
import java.io.IOException;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Flash in memory that outlives the agent, and fails on order. */
final class MemoryFlash implements Flash {
  /** The power is gone in the middle of a write. */
  static final class PowerCut extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  private final Map<Slot, Map<Part, byte[]>> slots = new EnumMap<>(Slot.class);
  private byte @Nullable [] record;
  private byte @Nullable [] trust;
  private int recordWritesLeft = Integer.MAX_VALUE;
  private int trustWritesLeft = Integer.MAX_VALUE;
  private boolean cutAfterWrite;
  private int appendsLeft = Integer.MAX_VALUE;
  private boolean off;
  boolean readOnly;
  long capacity = 1 << 20;
  int recordWrites;
  int trustWrites;
  int appends;

  /**
   * The power fails at the n-th record write from now (1: the next), before or after it is safe.
   */
  void cutAtRecordWrite(int n, boolean after) {
    recordWritesLeft = n - 1;
    cutAfterWrite = after;
  }

  /** The same at the n-th write of what the device believes. */
  void cutAtTrustWrite(int n, boolean after) {
    trustWritesLeft = n - 1;
    cutAfterWrite = after;
  }

  /** The power fails in the n-th append from now (1: the next), with half of its bytes written. */
  void cutAtAppend(int n) {
    appendsLeft = n - 1;
  }

  /** Whether it has failed. The exception itself may have ended in somebody's callback. */
  boolean isOff() {
    return off;
  }

  void powerIsBack() {
    recordWritesLeft = Integer.MAX_VALUE;
    trustWritesLeft = Integer.MAX_VALUE;
    appendsLeft = Integer.MAX_VALUE;
    off = false;
  }

  /** The medium changes a byte by itself. */
  void rot(Slot slot, Part part) {
    byte[] bytes = read(slot, part).clone();
    bytes[bytes.length / 2] ^= 0x40;
    files(slot).put(part, bytes);
  }

  @Override
  public Optional<byte[]> readRecord() {
    return Optional.ofNullable(record);
  }

  @Override
  public void writeRecord(byte[] bytes) throws IOException {
    requireWritable();
    if (recordWritesLeft == 0 && !cutAfterWrite) {
      off = true;
      throw new PowerCut();
    }
    record = bytes.clone();
    recordWrites++;
    if (recordWritesLeft-- == 0) {
      off = true;
      throw new PowerCut();
    }
  }

  @Override
  public Optional<byte[]> readTrust() {
    return Optional.ofNullable(trust);
  }

  @Override
  public void writeTrust(byte[] bytes) throws IOException {
    requireWritable();
    if (trustWritesLeft == 0 && !cutAfterWrite) {
      off = true;
      throw new PowerCut();
    }
    trust = bytes;
    trustWrites++;
    if (trustWritesLeft-- == 0) {
      off = true;
      throw new PowerCut();
    }
  }

  @Override
  public long slotCapacityBytes(Slot slot) {
    return capacity;
  }

  @Override
  public void erase(Slot slot) throws IOException {
    requireWritable();
    files(slot).clear();
  }

  @Override
  public long length(Slot slot, Part part) {
    return read(slot, part).length;
  }

  @Override
  public void append(Slot slot, Part part, byte[] bytes) throws IOException {
    requireWritable();
    boolean cut = appendsLeft-- == 0;
    int length = cut ? bytes.length / 2 : bytes.length;
    byte[] before = read(slot, part);
    byte[] after = Arrays.copyOf(before, before.length + length);
    System.arraycopy(bytes, 0, after, before.length, length);
    files(slot).put(part, after);
    appends++;
    if (cut) {
      off = true;
      throw new PowerCut();
    }
  }

  @Override
  public void sync(Slot slot) throws IOException {
    requireWritable();
  }

  @Override
  public byte[] read(Slot slot, Part part) {
    return files(slot).getOrDefault(part, new byte[0]);
  }

  @Override
  public Digest digest(Slot slot, Part part) {
    return Digest.of(read(slot, part));
  }

  private Map<Part, byte[]> files(Slot slot) {
    return slots.computeIfAbsent(slot, any -> new EnumMap<>(Part.class));
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
