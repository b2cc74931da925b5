package dev.earshot.agent;

import dev.earshot.agent.port.Timers;
import dev.earshot.agent.trust.OrderCheck;
import dev.earshot.agent.update.DeviceRecord;
import dev.earshot.agent.update.Effect;
import dev.earshot.agent.update.Job;
import dev.earshot.agent.update.LastOrder;
import dev.earshot.agent.update.RecordCodec;
import dev.earshot.agent.update.Report;
import dev.earshot.agent.update.Slots;
import dev.earshot.agent.update.Step;
import dev.earshot.agent.update.UpdateEvent;
import dev.earshot.agent.update.UpdateMachine;
import dev.earshot.agent.update.UpdateState;
import dev.earshot.protocol.v1.Slot;
import dev.earshot.protocol.v1.UpdateResult;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns the machine: takes an event, writes the record that it leads to, and only then does what
 * the machine asks. A record that can't be written has not been entered; the same event is tried
 * again later. Events that effects cause wait until the effects are done, so the machine never runs
 * inside itself. Runs on the agent's thread.
 */
final class Updater {
  private static final Logger log = LoggerFactory.getLogger(Updater.class);
  private static final Duration WRITE_AGAIN = Duration.ofSeconds(30);

  private final String name;
  private final AgentPorts ports;
  private final AgentSettings settings;
  private final Download.Trusting trusting;
  private final SlotInspector slots;
  private final Heartbeats heartbeats;
  private final StatusBoard board;
  private final Deque<Told> events = new ArrayDeque<>();

  private DeviceRecord record;
  private boolean turning;

  /** Counts the records; what was started for an earlier one must not speak for a later one. */
  private int generation;

  private @Nullable Download download;
  private final List<Timers.Timer> timers = new ArrayList<>();
  private boolean trialOver;
  private int downloadedBytes;
  private @Nullable Told pending;

  /**
   * An event that waits.
   *
   * @param order that it comes from, to be taken with it; null for what the device itself tells
   */
  private record Told(UpdateEvent event, @Nullable LastOrder order) {}

  Updater(
      String name,
      DeviceRecord record,
      AgentPorts ports,
      AgentSettings settings,
      Download.Trusting trusting,
      SlotInspector slots,
      Heartbeats heartbeats,
      StatusBoard board) {
    this.name = name;
    this.record = record;
    this.ports = ports;
    this.settings = settings;
    this.trusting = trusting;
    this.slots = slots;
    this.heartbeats = heartbeats;
    this.board = board;
  }

  DeviceRecord record() {
    return record;
  }

  /**
   * Whether that command is over, under way or waiting. Told again, it is answered with the status.
   */
  boolean knows(String commandId) {
    return record.knows(commandId)
        || waiting().map(job -> job.commandId().equals(commandId)).orElse(false);
  }

  /** The job that waits for its turn. */
  private Optional<Job> waiting() {
    Told waiting = pending;
    return waiting != null && waiting.event() instanceof UpdateEvent.Ordered(Job job)
        ? Optional.of(job)
        : Optional.empty();
  }

  /**
   * The first event of a boot. Fails when the flash can't be written: without a new boot id nothing
   * may be sent.
   */
  void boot() throws IOException {
    if (!(UpdateMachine.apply(record, new UpdateEvent.Booted())
        instanceof Step.Moved(DeviceRecord next, List<Effect> effects))) {
      throw new IllegalStateException("a boot is never refused");
    }
    ports.flash().writeRecord(RecordCodec.encode(next));
    record = next;
    heartbeats.start(next.bootId());
    turning = true;
    try {
      perform(effects);
    } finally {
      turning = false;
    }
    turn();
  }

  /** A power cut, as far as this object is concerned. */
  void stop() {
    abandon();
    events.clear();
    turning = true;
  }

  void handle(UpdateEvent event) {
    take(new Told(event, null));
  }

  /** An event that an order leads to; the order is taken in the same record, or not at all. */
  void handle(UpdateEvent event, LastOrder order) {
    take(new Told(event, order));
  }

  private void take(Told told) {
    events.add(told);
    turn();
  }

  /** What listens misbehaves: it matters to the update only when that is the model being tried. */
  void modelFault(String text) {
    if (record.state() instanceof UpdateState.Trial) {
      handle(new UpdateEvent.Failed(UpdateResult.UPDATE_FAILED, text));
    }
  }

  /** Forgets a command that waits for its turn. */
  void cancelPending(String rollout) {
    if (waiting().map(job -> job.rollout().equals(rollout)).orElse(false)) {
      pending = null;
    }
  }

  void announce() {
    announce(Optional.empty());
  }

  /** Tells this once, in place of what the record says; nothing is kept of it. */
  void tell(Report report) {
    announce(Optional.of(report));
  }

  private void announce(Optional<Report> instead) {
    int asOf = generation;
    boolean checkIn = trialOver;
    Download running = download;
    int bytes = running == null ? downloadedBytes : running.receivedBytes();
    board.publish(record, bytes, instead, () -> acknowledged(asOf, checkIn));
  }

  /** The gateway has a status. One that was sent after the trial period is the check-in. */
  private void acknowledged(int asOf, boolean checkIn) {
    if (asOf == generation && checkIn) {
      handle(new UpdateEvent.TrialPassed());
    }
  }

  private void turn() {
    if (turning) {
      return;
    }
    turning = true;
    try {
      for (Told told = next(); told != null; told = next()) {
        step(told);
      }
    } finally {
      turning = false;
    }
  }

  private @Nullable Told next() {
    Told told = events.poll();
    Told waiting = pending;
    if (told == null && waiting != null && record.state() instanceof UpdateState.Idle) {
      pending = null;
      return waiting;
    }
    return told;
  }

  private void step(Told told) {
    UpdateEvent event = told.event();
    LastOrder order = told.order();
    switch (UpdateMachine.apply(record, event)) {
      case Step.Refused refused -> refused(told, refused.reason());
      case Step.Moved moved -> {
        DeviceRecord next = order == null ? moved.next() : moved.next().withOrder(order);
        try {
          ports.flash().writeRecord(RecordCodec.encode(next));
        } catch (IOException e) {
          notWritten(event, e);
          return;
        }
        abandon();
        record = next;
        perform(moved.effects());
        logOutcome(event);
      }
    }
  }

  private void refused(Told told, String reason) {
    UpdateEvent event = told.event();
    log.debug("{}: {} refused: {}", name, event, reason);
    if (event instanceof UpdateEvent.Ordered) {
      pending = told;
    }
    if (event instanceof UpdateEvent.Ordered
        || event instanceof UpdateEvent.Cancelled
        || event instanceof UpdateEvent.Declined) {
      announce();
    }
  }

  private void notWritten(UpdateEvent event, IOException e) {
    log.warn("{}: state record can't be written: {}", name, e.getMessage());
    switch (event) {
      case UpdateEvent.Ordered(Job job) ->
          announce(
              Optional.of(
                  new Report(
                      job.commandId(),
                      job.rollout(),
                      job.release().toString(),
                      dev.earshot.protocol.v1.UpdateState.FAILED,
                      UpdateResult.NOT_ENOUGH_FLASH,
                      "state record can't be written: " + e.getMessage())));
      case UpdateEvent.Declined declined -> announce(Optional.of(declined.report()));
      case UpdateEvent.Cancelled cancelled -> announce();
      case UpdateEvent.Downloaded _,
          UpdateEvent.Verified _,
          UpdateEvent.SelfTestPassed _,
          UpdateEvent.Swapped _,
          UpdateEvent.TrialPassed _,
          UpdateEvent.Committed _,
          UpdateEvent.RolledBack _,
          UpdateEvent.Rejected _,
          UpdateEvent.Failed _,
          UpdateEvent.Booted _,
          UpdateEvent.SlotDamaged _ -> {
        int asOf = generation;
        timers.add(
            ports
                .timers()
                .afterMachine(
                    WRITE_AGAIN,
                    () -> {
                      if (asOf == generation) {
                        handle(event);
                      }
                    }));
      }
    }
  }

  private void abandon() {
    generation++;
    Download running = download;
    if (running != null) {
      downloadedBytes = running.receivedBytes();
      running.cancel();
      download = null;
    }
    timers.forEach(Timers.Timer::cancel);
    timers.clear();
    trialOver = false;
  }

  private void perform(List<Effect> effects) {
    for (Effect effect : effects) {
      if (!perform(effect)) {
        return; // what follows was meant for a state that no longer holds
      }
    }
  }

  private boolean perform(Effect effect) {
    return switch (effect) {
      case Effect.Announce announce -> {
        announce();
        yield true;
      }
      case Effect.Download(Job job) -> download(job);
      case Effect.Verify(Job job, boolean inPlace) -> 
          then(slots.verify(job, inPlace, floor(job), latest()));
      case Effect.SelfTest(Job job) -> then(slots.selfTest(job));
      case Effect.Swap(Job job) -> swap(job);
      case Effect.BeginTrial(Job job) -> beginTrial(job);
      case Effect.Commit commit -> then(new UpdateEvent.Committed());
      case Effect.RollBack(Slot slot) -> rollBack(slot);
      case Effect.Use(Slot slot) -> {
        Optional<String> problem =
            record.content(slot).flatMap(content -> slots.use(slot, content));
        if (record.content(slot).isEmpty()) {
          log.error("{}: slot {} is empty: nothing listens", name, Slots.label(slot));
        }
        problem.ifPresent(text -> then(new UpdateEvent.SlotDamaged(slot, text)));
        yield problem.isEmpty();
      }
    };
  }

  private boolean then(UpdateEvent event) {
    events.add(new Told(event, null));
    return true;
  }

  private boolean download(Job job) {
    downloadedBytes = 0;
    download =
        new Download(
            job,
            record.lastOrder(),
            floor(job),
            latest(),
            ports,
            settings,
            trusting,
            this::handle);
    download.start();
    return true;
  }

  /** When it is at least: what an order told counts when the clock stands behind it. */
  private Instant latest() {
    return OrderCheck.latest(ports.clock().instant(), record.lastOrder());
  }

  private int floor(Job job) {
    return record.floor(job.release().name());
  }

  private boolean swap(Job job) {
    Optional<String> problem =
        record
            .content(job.target())
            .map(content -> slots.use(job.target(), content))
            .orElseGet(() -> Optional.of("the slot is empty"));
    return then(
        problem
            .<UpdateEvent>map(text -> new UpdateEvent.Failed(UpdateResult.UPDATE_FAILED, text))
            .orElseGet(UpdateEvent.Swapped::new));
  }

  private boolean rollBack(Slot slot) {
    Optional<String> problem =
        record
            .content(slot)
            .map(content -> slots.use(slot, content))
            .orElseGet(() -> Optional.of("the slot is empty"));
    return then(
        problem
            .<UpdateEvent>map(text -> new UpdateEvent.SlotDamaged(slot, text))
            .orElseGet(UpdateEvent.RolledBack::new));
  }

  private boolean beginTrial(Job job) {
    Duration period = Duration.ofSeconds(Math.max(1, job.trialSeconds()));
    timers.add(ports.timers().afterFleet(period, this::trialPeriodOver));
    timers.add(
        ports
            .timers()
            .afterFleet(
                period.plus(settings.checkInPatience()),
                () ->
                    handle(
                        new UpdateEvent.Failed(
                            UpdateResult.CONNECTION_LOST,
                            "no check-in was acknowledged within "
                                + settings.checkInPatience().toMinutes()
                                + " minutes after the trial"))));
    return true;
  }

  private void trialPeriodOver() {
    heartbeats.close();
    if (heartbeats.listensInVain()) {
      handle(
          new UpdateEvent.Failed(
              UpdateResult.UPDATE_FAILED, "the model made no inference during the trial"));
      return;
    }
    trialOver = true;
    announce();
  }

  private void logOutcome(UpdateEvent event) {
    Report report = record.report();
    if (record.state() instanceof UpdateState.Idle && report != null) {
      log.info(
          "{}: {} {} ({}) {}",
          name,
          report.release(),
          report.state(),
          report.result(),
          report.text());
    } else {
      log.debug("{}: {} -> {}", name, event, record.state());
    }
  }
}
