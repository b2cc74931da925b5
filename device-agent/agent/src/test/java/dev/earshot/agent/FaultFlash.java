package dev.earshot.agent;

import dev.earshot.agent.port.Flash;
import dev.earshot.protocol.Digest;
import dev.earshot.protocol.v1.Slot;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Any flash, on a device whose power fails at a chosen operation, whose disk is full, or which has
 * become read-only. An operation is what changes the medium: a record, an append, an erase, a sync.
 */
final class FaultFlash implements Flash {
  /** The power is gone. Whatever is told to the flash later throws this too. */
  static final class PowerCut extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  /** Where in an operation the power fails. */
  enum When {
    BEFORE,
    /** Half of an append is there; any other operation has not begun. */
    HALFWAY,
    AFTER
  }

  private final Flash medium;
  private int left = Integer.MAX_VALUE;
  private When when = When.BEFORE;
  private boolean off;
  private String last = "nothing";
  boolean readOnly;
  boolean full;

  /** The operations since the power came back, by name. */
  final List<String> operations = new ArrayList<>();

  /** Runs instead of the exception, such as the end of this process. */
  Runnable atCut =
      () -> {
        throw new PowerCut();
      };

  /** Runs just before each operation. */
  Runnable watching = () -> {};

  FaultFlash(Flash medium) {
    this.medium = medium;
  }

  /** The power fails at the n-th operation from now; 1 is the next. */
  void cutAt(int n, When where) {
    left = n;
    when = where;
  }

  void cutNow() {
    off = true;
  }

  boolean isOff() {
    return off;
  }

  /** What the power failed in, or was done last. */
  String last() {
    return last;
  }

  void powerIsBack() {
    left = Integer.MAX_VALUE;
    off = false;
    operations.clear();
  }

  void requirePower() {
    if (off) {
      throw new PowerCut();
    }
  }

  /** Something that changes the medium. */
  @FunctionalInterface
  private interface Change {
    void run() throws IOException;
  }

  private void change(String name, Change half, Change whole) throws IOException {
    requirePower();
    if (readOnly) {
      throw new IOException("read-only (remount it writable)");
    }
    operations.add(name);
    watching.run();
    last = name;
    boolean cut = --left == 0;
    if (cut && when != When.AFTER) {
      if (when == When.HALFWAY) {
        half.run();
      }
      off = true;
      atCut.run();
    }
    whole.run();
    if (cut) {
      off = true;
      atCut.run();
    }
  }

  private void requireRoom() throws IOException {
    if (full && !readOnly) {
      requirePower();
      throw new IOException("no space left on device");
    }
  }

  @Override
  public Optional<byte[]> readRecord() throws IOException {
    return medium.readRecord();
  }

  @Override
  public boolean isStandIn() {
    return medium.isStandIn();
  }

  @Override
  public void writeRecord(byte[] record) throws IOException {
    requireRoom();
    change("record", () -> {}, () -> medium.writeRecord(record));
  }

  @Override
  public Optional<byte[]> readTrust() throws IOException {
    return medium.readTrust();
  }

  @Override
  public void writeTrust(byte[] trust) throws IOException {
    requireRoom();
    change("trust", () -> {}, () -> medium.writeTrust(trust));
  }

  @Override
  public long slotCapacityBytes(Slot slot) throws IOException {
    return medium.slotCapacityBytes(slot);
  }

  @Override
  public void erase(Slot slot) throws IOException {
    change("erase", () -> {}, () -> medium.erase(slot));
  }

  @Override
  public long length(Slot slot, Part part) throws IOException {
    return medium.length(slot, part);
  }

  @Override
  public void append(Slot slot, Part part, byte[] bytes) throws IOException {
    requireRoom();
    change(
        "append " + part,
        () -> medium.append(slot, part, Arrays.copyOf(bytes, bytes.length / 2)),
        () -> medium.append(slot, part, bytes));
  }

  @Override
  public void sync(Slot slot) throws IOException {
    change("sync", () -> {}, () -> medium.sync(slot));
  }

  @Override
  public byte[] read(Slot slot, Part part) throws IOException {
    return medium.read(slot, part);
  }

  @Override
  public Digest digest(Slot slot, Part part) throws IOException {
    return medium.digest(slot, part);
  }
}
