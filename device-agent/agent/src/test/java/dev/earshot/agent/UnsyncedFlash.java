package dev.earshot.agent;

import dev.earshot.agent.port.Flash;
import dev.earshot.protocol.Digest;
import dev.earshot.protocol.v1.Slot;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Flash in memory that keeps what a file system keeps: records and erasures at once, appends only
 * once synced. What was not is lost at a power cut, or part of it is, or its end is rubbish. Can
 * also lose its newest record, as a medium does that lies about being done.
 */
final class UnsyncedFlash implements Flash {
  private static final class File {
    final ByteArrayOutputStream bytes = new ByteArrayOutputStream(16);
    int synced;
  }

  private final Map<Slot, Map<Part, File>> slots = new EnumMap<>(Slot.class);
  private byte @Nullable [] record;
  private byte @Nullable [] previous;
  private byte @Nullable [] trust;
  private boolean standIn;
  long capacity = 1 << 20;

  UnsyncedFlash() {
    slots.put(Slot.SLOT_A, new EnumMap<>(Part.class));
    slots.put(Slot.SLOT_B, new EnumMap<>(Part.class));
  }

  /** What the power cut leaves. */
  void losePower(RandomGenerator random) {
    for (Map<Part, File> files : slots.values()) {
      for (File file : files.values()) {
        int length = file.bytes.size();
        if (length > file.synced) {
          byte[] kept =
              Arrays.copyOf(file.bytes.toByteArray(), random.nextInt(file.synced, length + 1));
          if (random.nextInt(4) == 0) { // the length is there, the data is not
            Arrays.fill(kept, Math.max(file.synced, kept.length - 64), kept.length, (byte) 0);
          }
          file.bytes.reset();
          file.bytes.writeBytes(kept);
        }
        file.synced = file.bytes.size();
      }
    }
  }

  /** The newest record was never there, although the flash had said so. */
  boolean loseNewestRecord() {
    if (standIn || previous == null) {
      return false;
    }
    standIn = true;
    record = previous;
    return true;
  }

  private Map<Part, File> files(Slot slot) {
    return Objects.requireNonNull(slots.get(slot), "both slots are there from the start");
  }

  /** The medium changes a byte by itself. */
  boolean rot(Slot slot, Part part) {
    File file = files(slot).get(part);
    if (file == null || file.bytes.size() == 0) {
      return false;
    }
    byte[] bytes = file.bytes.toByteArray();
    bytes[bytes.length / 2] ^= 0x40;
    file.bytes.reset();
    file.bytes.writeBytes(bytes);
    return true;
  }

  @Override
  public Optional<byte[]> readRecord() {
    return Optional.ofNullable(record);
  }

  @Override
  public boolean isStandIn() {
    return standIn;
  }

  @Override
  public void writeRecord(byte[] bytes) {
    if (!standIn) {
      previous = record;
    }
    standIn = false;
    record = bytes.clone();
  }

  @Override
  public Optional<byte[]> readTrust() {
    return Optional.ofNullable(trust);
  }

  @Override
  public void writeTrust(byte[] bytes) {
    trust = bytes;
  }

  @Override
  public long slotCapacityBytes(Slot slot) {
    return capacity;
  }

  @Override
  public void erase(Slot slot) {
    files(slot).clear();
  }

  @Override
  public long length(Slot slot, Part part) {
    File file = files(slot).get(part);
    return file == null ? 0 : file.bytes.size();
  }

  @Override
  public void append(Slot slot, Part part, byte[] bytes) {
    files(slot).computeIfAbsent(part, any -> new File()).bytes.writeBytes(bytes);
  }

  @Override
  public void sync(Slot slot) throws IOException {
    files(slot).values().forEach(file -> file.synced = file.bytes.size());
  }

  @Override
  public byte[] read(Slot slot, Part part) {
    File file = files(slot).get(part);
    return file == null ? new byte[0] : file.bytes.toByteArray();
  }

  @Override
  public Digest digest(Slot slot, Part part) {
    return Digest.of(read(slot, part));
  }
}
