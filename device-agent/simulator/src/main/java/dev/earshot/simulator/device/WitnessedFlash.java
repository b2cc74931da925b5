package dev.earshot.simulator.device;

import dev.earshot.agent.port.Flash;
import dev.earshot.agent.update.DeviceRecord;
import dev.earshot.agent.update.RecordCodec;
import dev.earshot.agent.update.Report;
import dev.earshot.protocol.Digest;
import dev.earshot.protocol.v1.Slot;
import dev.earshot.protocol.v1.UpdateState;
import dev.earshot.simulator.truth.Ledger;
import java.io.IOException;
import java.util.Optional;

/**
 * A device's flash under the eyes of the ledger: an update has ended when its record says so, told
 * or not. Used on the device's loop.
 */
final class WitnessedFlash implements Flash {
  private final Flash flash;
  private final Ledger ledger;
  private final Runnable committed;
  private String lastEnded = "";

  /**
   * @param committed hears of each update that is committed, from within the write
   */
  WitnessedFlash(Flash flash, Ledger ledger, Runnable committed) {
    this.flash = flash;
    this.ledger = ledger;
    this.committed = committed;
  }

  @Override
  public Optional<byte[]> readRecord() throws IOException {
    Optional<byte[]> record = flash.readRecord();
    if (record.isPresent()) {
      Report report = RecordCodec.decode(record.get()).report();
      lastEnded = report == null ? "" : report.commandId();
    }
    return record;
  }

  @Override
  public void writeRecord(byte[] record) throws IOException {
    flash.writeRecord(record);
    DeviceRecord written = RecordCodec.decode(record);
    Report report = written.report();
    if (report != null && !report.commandId().equals(lastEnded)) {
      lastEnded = report.commandId();
      ledger.updateEnded(report.release(), report.state());
      if (report.state() == UpdateState.COMMITTED) {
        committed.run();
      }
    }
  }

  @Override
  public Optional<byte[]> readTrust() throws IOException {
    return flash.readTrust();
  }

  @Override
  public void writeTrust(byte[] trust) throws IOException {
    flash.writeTrust(trust);
  }

  @Override
  public long slotCapacityBytes(Slot slot) throws IOException {
    return flash.slotCapacityBytes(slot);
  }

  @Override
  public void erase(Slot slot) throws IOException {
    flash.erase(slot);
  }

  @Override
  public long length(Slot slot, Part part) throws IOException {
    return flash.length(slot, part);
  }

  @Override
  public void append(Slot slot, Part part, byte[] bytes) throws IOException {
    flash.append(slot, part, bytes);
  }

  @Override
  public void sync(Slot slot) throws IOException {
    flash.sync(slot);
  }

  @Override
  public byte[] read(Slot slot, Part part) throws IOException {
    return flash.read(slot, part);
  }

  @Override
  public Digest digest(Slot slot, Part part) throws IOException {
    return flash.digest(slot, part);
  }
}
