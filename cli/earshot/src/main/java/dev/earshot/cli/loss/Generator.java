package dev.earshot.cli.loss;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/** The devices that send; half of them speak MQTT 3.1.1, half 5. */
final class Generator implements AutoCloseable {
  /** New messages of one device, a second. */
  static final int PER_SECOND = 8;

  private static final long PACE_NANOS = TimeUnit.SECONDS.toNanos(1) / PER_SECOND;
  private static final long LOOK_MILLIS = 50;

  private final Tally tally = new Tally();
  private final List<DeviceJournal> journals = new ArrayList<>();
  private final List<Outbox> outboxes = new ArrayList<>();
  private final List<DeviceClient> clients = new ArrayList<>();
  private final List<Thread> threads = new ArrayList<>();

  /**
   * Starts them.
   *
   * @param gatewayPort on this machine
   */
  Generator(int devices, int gatewayPort, SplittableRandom random) {
    for (int device = 0; device < devices; device++) {
      DeviceJournal journal = new DeviceJournal(device, random.split());
      Outbox outbox = new Outbox(journal, random.split(), PACE_NANOS);
      Packets.Version version = device % 2 == 0 ? Packets.Version.V3 : Packets.Version.V5;
      journals.add(journal);
      outboxes.add(outbox);
      clients.add(new DeviceClient(device, version, gatewayPort, outbox, tally, random.split()));
    }
    clients.forEach(client -> threads.add(Thread.ofVirtual().start(client)));
  }

  Tally tally() {
    return tally;
  }

  List<DeviceJournal> journals() {
    return List.copyOf(journals);
  }

  /** What they have lived through so far. */
  LossReport.Traffic traffic() {
    return new LossReport.Traffic(
        journals.stream().mapToLong(DeviceJournal::numbered).sum(),
        tally.published.sum(),
        tally.repeated.sum(),
        tally.acknowledged.sum(),
        outboxes.stream().mapToLong(Outbox::size).sum(),
        journals.stream().filter(DeviceJournal::isSilent).count(),
        tally.connections.sum(),
        tally.refusedConnections.sum(),
        tally.silences.sum(),
        tally.longestGapMillis());
  }

  /** Waits until every device got something acknowledged; tells whether that came. */
  boolean awaitStart(Duration within) throws InterruptedException {
    long deadline = System.nanoTime() + within.toNanos();
    while (journals.stream().anyMatch(DeviceJournal::isSilent)) {
      if (System.nanoTime() > deadline) {
        return false;
      }
      TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
    }
    return true;
  }

  /** Makes no new messages, and waits until all are acknowledged; tells whether that came. */
  boolean drain(Duration within) throws InterruptedException {
    outboxes.forEach(Outbox::finish);
    long deadline = System.nanoTime() + within.toNanos();
    while (outboxes.stream().anyMatch(outbox -> outbox.size() > 0)) {
      if (System.nanoTime() > deadline) {
        return false;
      }
      TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
    }
    return true;
  }

  /** Ends all connections; when it returns nothing is acknowledged any more. */
  @Override
  public void close() {
    clients.forEach(DeviceClient::close);
    threads.forEach(Thread::interrupt);
    try {
      for (Thread thread : threads) {
        thread.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
