package dev.earshot.agent;

import dev.earshot.agent.port.Flash;
import dev.earshot.agent.update.Books;
import dev.earshot.agent.update.Budget;
import dev.earshot.agent.update.DeviceRecord;
import dev.earshot.agent.update.RecordCodec;
import dev.earshot.agent.update.Report;
import dev.earshot.agent.update.UpdateState;
import dev.earshot.protocol.v1.Heartbeat;
import java.io.IOException;

/**
 * The record in memory and in flash. What the update is is the same in both; of the books memory is
 * ahead: flash gets them with the next record that is written. Runs on the agent's thread.
 *
 * <p>While a limited download runs, flash is told more bytes than were taken, and told again before
 * these are used up: a power cut can cost a device part of its budget, never give it one twice.
 */
final class RecordKeeper {
  private static final long LEAST_RESERVE = 64 * 1024;

  /** A reserve is that part of a day's budget, so a day costs few writes. */
  private static final int RESERVES_PER_DAY = 8;

  private final AgentPorts ports;
  private DeviceRecord record;
  private long accountedMillis;
  private long reservedUpTo;

  RecordKeeper(AgentPorts ports, DeviceRecord record) {
    this.ports = ports;
    this.record = record;
    this.accountedMillis = ports.timers().monotonicMillis();
  }

  DeviceRecord record() {
    return record;
  }

  /** Writes the next record, and takes it over when it is safe. */
  void write(DeviceRecord next) throws IOException {
    flash().writeRecord(RecordCodec.encode(reserving(next)));
    record = next;
  }

  /** Lets time pass in the books, so that what follows sees today's budget. */
  void account() {
    long now = ports.timers().monotonicMillis();
    Books books = record.books();
    record =
        record.withBooks(
            books.with(books.budget().later(now - accountedMillis, ports.clock().millis())));
    accountedMillis = now;
  }

  /**
   * Counts bytes.
   *
   * @return whether flash must be told now
   */
  boolean received(int bytes) {
    account();
    Books books = record.books();
    Budget budget = books.budget().taken(bytes);
    record = record.withBooks(books.with(budget));
    return reserve(record) > 0 && budget.bytes() > reservedUpTo;
  }

  void interval(Heartbeat.Builder interval) {
    Books books = record.books();
    record = record.withBooks(books.with(books.figures().plus(interval)));
  }

  void told(Report report) {
    record = record.told(report);
  }

  private DeviceRecord reserving(DeviceRecord next) {
    long reserve = reserve(next);
    Budget budget = next.books().budget();
    reservedUpTo = budget.bytes() + reserve;
    return reserve == 0 ? next : next.withBooks(next.books().with(budget.taken(reserve)));
  }

  private static long reserve(DeviceRecord record) {
    if (record.state() instanceof UpdateState.Downloading(var job, var boots)
        && job.conditions().dailyBytes() > 0) {
      return Math.max(LEAST_RESERVE, job.conditions().dailyBytes() / RESERVES_PER_DAY);
    }
    return 0;
  }

  private Flash flash() {
    return ports.flash();
  }
}
