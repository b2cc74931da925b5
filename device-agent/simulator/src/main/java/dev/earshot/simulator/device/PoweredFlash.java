package dev.earshot.simulator.device;

import dev.earshot.agent.port.Flash;
import dev.earshot.protocol.Digest;
import dev.earshot.protocol.v1.Slot;
import dev.earshot.simulator.scenario.Fault.Kind;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;

/**
 * A device's flash as one boot sees it: a power cut may hit any write, and a slot may have less
 * room than it should. After a cut half of what was to be appended is there, and a record is there
 * or not.
 */
final class PoweredFlash implements Flash {
  private final Flash flash;
  private final Power power;
  private final FaultDice dice;
  private final Runnable cut;

  /**
   * @param cut cuts the power
   */
  PoweredFlash(Flash flash, Power power, FaultDice dice, Runnable cut) {
    this.flash = flash;
    this.power = power;
    this.dice = dice;
    this.cut = cut;
  }

  @Override
  public Optional<byte[]> readRecord() throws IOException {
    power.require();
    return flash.readRecord();
  }

  @Override
  public void writeRecord(byte[] record) throws IOException {
    power.require();
    boolean cuts = dice.cutsThisWrite();
    if (!cuts || dice.recordSurvivesCut()) {
      flash.writeRecord(record);
    }
    fail(cuts);
  }

  @Override
  public Optional<byte[]> readTrust() throws IOException {
    power.require();
    return flash.readTrust();
  }

  @Override
  public void writeTrust(byte[] trust) throws IOException {
    power.require();
    boolean cuts = dice.cutsThisWrite();
    if (!cuts || dice.recordSurvivesCut()) {
      flash.writeTrust(trust);
    }
    fail(cuts);
  }

  @Override
  public long slotCapacityBytes(Slot slot) throws IOException {
    power.require();
    return dice.capacity(flash.slotCapacityBytes(slot));
  }

  @Override
  public void erase(Slot slot) throws IOException {
    power.require();
    boolean cuts = dice.cutsThisWrite();
    flash.erase(slot);
    fail(cuts);
  }

  @Override
  public long length(Slot slot, Part part) throws IOException {
    power.require();
    return flash.length(slot, part);
  }

  @Override
  public void append(Slot slot, Part part, byte[] bytes) throws IOException {
    power.require();
    requireRoom(slot, bytes.length);
    boolean cuts = dice.cutsThisWrite();
    flash.append(slot, part, cuts ? Arrays.copyOf(bytes, bytes.length / 2) : bytes);
    fail(cuts);
  }

  @Override
  public void sync(Slot slot) throws IOException {
    power.require();
    boolean cuts = dice.cutsThisWrite();
    flash.sync(slot);
    fail(cuts);
  }

  @Override
  public byte[] read(Slot slot, Part part) throws IOException {
    power.require();
    return flash.read(slot, part);
  }

  @Override
  public Digest digest(Slot slot, Part part) throws IOException {
    power.require();
    return flash.digest(slot, part);
  }

  private void requireRoom(Slot slot, int more) throws IOException {
    if (!dice.has(Kind.FULL_FLASH)) {
      return;
    }
    long used = more;
    for (Part part : Part.values()) {
      used += flash.length(slot, part);
    }
    if (used > slotCapacityBytes(slot)) {
      throw new IOException("flash is full: slot " + slot + " has no room for " + more + " bytes");
    }
  }

  private void fail(boolean cuts) {
    if (cuts) {
      cut.run();
      throw new Power.Lost();
    }
  }
}
