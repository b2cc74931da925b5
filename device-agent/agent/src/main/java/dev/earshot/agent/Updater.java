package dev.earshot.agent;

import dev.earshot.agent.port.Timers;
import dev.earshot.agent.trust.OrderCheck;
import dev.earshot.agent.update.DeviceRecord;
import dev.earshot.agent.update.Effect;
import dev.earshot.agent.update.Job;
import dev.earshot.agent.update.LastOrder;
import dev.earshot.agent.update.Report;
import dev.earshot.agent.update.Slots;
import dev.earshot.agent.update.Step;
import dev.earshot.agent.update.UpdateEvent;
import dev.earshot.agent.update.UpdateMachine;
import dev.earshot.agent.update.UpdateState;
import dev.earshot.agent.update.UpdateState.Stage;
import dev.earshot.protocol.v1.Heartbeat;
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

  /** Before the first retry of a record that can't be written, machine time; doubles with each. */
  private static final Duration WRITE_AGAIN = Duration.ofSeconds(30);

  private static final Duration WRITE_AGAIN_AT_MOST = Duration.ofMinutes(30);

  /** How often the time spent waiting is written down, fleet time. */
  private static final Duration COUNTED_EVERY = Duration.ofHours(1);

  /**
   * A transfer that has no more bytes than this to go is not interrupted for the budget: half of a
   * small document is worth nothing, and a device must get on every day.
   */
  private static final long ALL_BUT_DONE = 64 * 1024;

  private final String name;
  private final AgentPorts ports;
  private final AgentSettings settings;
  private final Download.Trusting trusting;
  private final SlotInspector slots;
  private final Heartbeats heartbeats;
  private final StatusBoard board;
  private final Deque<Told> events = new ArrayDeque<>();

  private final RecordKeeper keeper;
  private final Patience patience;
  private final TrialWatch watch;
  private boolean turning;

  /** Counts the records; what was started for an earlier one must not speak for a later one. */
  private int generation;

  private @Nullable Download download;
  private final List<Timers.Timer> timers = new ArrayList<>();
  private boolean trialOver;
  private int downloadedBytes;
  private @Nullable Told pending;
  private boolean deferring;
  private int notWritten;
  private int byHand;

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
    this.keeper = new RecordKeeper(ports, record);
    this.patience = new Patience(ports);
    this.watch = new TrialWatch(ports);
    this.ports = ports;
    this.settings = settings;
    this.trusting = trusting;
    this.slots = slots;
    this.heartbeats = heartbeats;
    this.board = board;
    heartbeats.onInterval(this::interval);
  }

  DeviceRecord record() {
    return keeper.record();
  }

  /**
   * Whether that command is over, under way or waiting. Told again, it is answered with the status.
   */
  boolean knows(String commandId) {
    return record().knows(commandId)
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
    if (!(UpdateMachine.apply(record(), new UpdateEvent.Booted())
        instanceof Step.Moved(DeviceRecord next, List<Effect> effects))) {
      throw new IllegalStateException("a boot is never refused");
    }
    boolean standIn = ports.flash().isStandIn();
    keeper.write(next);
    if (standIn) {
      keeper.write(next); // so that what may stand in next time knows of this boot too
    }
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
    if (record().state() instanceof UpdateState.Trial) {
      handle(new UpdateEvent.Failed(UpdateResult.UPDATE_FAILED, text));
    }
  }

  /** Somebody at the device wants the model before back. */
  void revertByHand(String reason) {
    handle(new UpdateEvent.RevertedByHand("hand-" + record().bootId() + "-" + byHand++, reason));
  }

  /** Forgets a command that waits for its turn. */
  void cancelPending(String rollout) {
    if (waiting().map(job -> job.rollout().equals(rollout)).orElse(false)) {
      pending = null;
    }
  }

  /** Tells the results that no gateway is known to have, oldest first, then how things stand. */
  void announceAll() {
    Report newest = record().report();
    for (Report report : record().books().untold()) {
      if (!report.equals(newest) || !(record().state() instanceof UpdateState.Idle)) {
        announce(Optional.of(report));
      }
    }
    announce();
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
    Optional<Report> told =
        instead.or(
            () ->
                record().state() instanceof UpdateState.Idle
                    ? Optional.ofNullable(record().report())
                    : Optional.empty());
    board.publish(record(), bytes, instead, () -> acknowledged(asOf, checkIn, told));
  }

  /** The gateway has a status. One that was sent after the trial period is the check-in. */
  private void acknowledged(int asOf, boolean checkIn, Optional<Report> told) {
    told.ifPresent(keeper::told);
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
    if (told == null && waiting != null && record().state() instanceof UpdateState.Idle) {
      pending = null;
      return waiting;
    }
    return told;
  }

  private void step(Told told) {
    UpdateEvent event = told.event();
    LastOrder order = told.order();
    Optional<String> damage = damageBefore(event);
    if (damage.isPresent()) {
      step(new Told(new UpdateEvent.SlotDamaged(record().active(), damage.get()), null));
      if (damageBefore(event).isPresent()) {
        notWritten(event, new IOException(damage.get()));
      } else {
        events.addFirst(told);
      }
      return;
    }
    keeper.account();
    switch (UpdateMachine.apply(record(), event)) {
      case Step.Refused refused -> refused(told, refused.reason());
      case Step.Moved moved -> {
        DeviceRecord next = order == null ? moved.next() : moved.next().withOrder(order);
        try {
          requireDurable(event);
          keeper.write(next);
        } catch (IOException e) {
          notWritten(event, e);
          return;
        }
        notWritten = 0;
        abandon();
        perform(moved.effects());
        logOutcome(event);
      }
    }
  }

  /** A record that says that a slot is complete must not outlive what is in it. */
  private void requireDurable(UpdateEvent event) throws IOException {
    Optional<Job> job = record().state().work();
    if (event instanceof UpdateEvent.Downloaded && job.isPresent()) {
      ports.flash().sync(job.get().target());
    }
  }

  /**
   * An order costs the other slot its content. Before that, the slot that listens is read back: if
   * the medium has lost it, the other one is all there is.
   */
  private Optional<String> damageBefore(UpdateEvent event) {
    Slot active = record().active();
    return event instanceof UpdateEvent.Ordered && record().state() instanceof UpdateState.Idle
        ? record().content(active).flatMap(content -> slots.damage(active, content))
        : Optional.empty();
  }

  private void refused(Told told, String reason) {
    UpdateEvent event = told.event();
    log.debug("{}: {} refused: {}", name, event, reason);
    if (event instanceof UpdateEvent.Ordered) {
      pending = told;
    }
    if (event instanceof UpdateEvent.Ordered
        || event instanceof UpdateEvent.Cancelled
        || event instanceof UpdateEvent.RevertedByHand
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
                  Report.of(
                      job,
                      dev.earshot.protocol.v1.UpdateState.FAILED,
                      UpdateResult.NOT_ENOUGH_FLASH,
                      "state record can't be written: " + e.getMessage())));
      case UpdateEvent.Declined declined -> announce(Optional.of(declined.report()));
      case UpdateEvent.Cancelled _, UpdateEvent.RevertedByHand _ -> announce();
      case UpdateEvent.Deferred _,
          UpdateEvent.Ready _,
          UpdateEvent.Waited _,
          UpdateEvent.Downloaded _,
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
                    writeAgain(),
                    () -> {
                      if (asOf == generation) {
                        handle(event);
                      }
                    }));
      }
    }
  }

  private Duration writeAgain() {
    Duration next = WRITE_AGAIN.multipliedBy(1L << Math.min(10, notWritten++));
    return next.compareTo(WRITE_AGAIN_AT_MOST) < 0 ? next : WRITE_AGAIN_AT_MOST;
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
    deferring = false;
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
      case Effect.Await(Job job, Stage before, String reason) -> {
        lookLater(job, before, reason, ports.timers().monotonicMillis());
        yield true;
      }
      case Effect.Verify(Job job, boolean inPlace) ->
          then(slots.verify(job, inPlace, floor(job), latest()));
      case Effect.SelfTest(Job job) -> then(slots.selfTest(job));
      case Effect.Swap(Job job) -> swap(job);
      case Effect.BeginTrial(Job job) -> beginTrial(job);
      case Effect.Commit commit -> then(new UpdateEvent.Committed());
      case Effect.RollBack(Slot slot) -> rollBack(slot);
      case Effect.Use(Slot slot) -> {
        Optional<String> problem =
            record().content(slot).flatMap(content -> slots.use(slot, content));
        if (record().content(slot).isEmpty()) {
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
    Optional<String> unmet = patience.unmet(job, Stage.DOWNLOAD, record());
    if (unmet.isPresent()) {
      return then(new UpdateEvent.Deferred(unmet.get()));
    }
    downloadedBytes = 0;
    int asOf = generation;
    download =
        new Download(
            job,
            record().lastOrder(),
            floor(job),
            latest(),
            ports.with(
                new MeteredFetcher(
                    ports.fetcher(), (bytes, toGo) -> received(job, asOf, bytes, toGo))),
            settings,
            trusting,
            this::handle);
    download.start();
    if (job.conditions().askForPower()) {
      watchPower(job);
    }
    return true;
  }

  private void watchPower(Job job) {
    timers.add(
        ports
            .timers()
            .afterFleet(
                Patience.LOOK,
                () ->
                    patience
                        .unmet(job, Stage.DOWNLOAD, record())
                        .ifPresentOrElse(
                            reason -> handle(new UpdateEvent.Deferred(reason)),
                            () -> watchPower(job))));
  }

  /** Bytes came; when today's are used up the download waits, unless it is all but done. */
  private void received(Job job, int asOf, int bytes, long toGo) {
    boolean flashMustKnow = keeper.received(bytes);
    if (asOf != generation || deferring) {
      return;
    }
    Optional<String> unmet =
        toGo > ALL_BUT_DONE ? patience.unmet(job, Stage.DOWNLOAD, record()) : Optional.empty();
    if (unmet.isPresent()) {
      deferring = true;
      handle(new UpdateEvent.Deferred(unmet.get()));
    } else if (flashMustKnow) {
      try {
        keeper.write(record());
      } catch (IOException e) {
        handle(new UpdateEvent.Failed(UpdateResult.NOT_ENOUGH_FLASH, "flash: " + e.getMessage()));
      }
    }
  }

  private void lookLater(Job job, Stage before, String reason, long sinceMillis) {
    timers.add(
        ports
            .timers()
            .afterFleet(
                patience.until(job, before, record().books().budget()),
                () -> look(job, before, reason, sinceMillis)));
  }

  private void look(Job job, Stage before, String reason, long sinceMillis) {
    keeper.account();
    Optional<String> unmet = patience.unmet(job, before, record());
    long waited = ports.timers().monotonicMillis() - sinceMillis;
    if (unmet.isEmpty()) {
      handle(new UpdateEvent.Ready());
    } else if (!unmet.get().equals(reason)) {
      handle(new UpdateEvent.Deferred(unmet.get()));
    } else if (waited >= COUNTED_EVERY.toMillis()) {
      handle(new UpdateEvent.Waited(waited));
    } else {
      lookLater(job, before, reason, sinceMillis);
    }
  }

  /** When it is at least: what an order told counts when the clock stands behind it. */
  private Instant latest() {
    return OrderCheck.latest(ports.clock().instant(), record().lastOrder());
  }

  private int floor(Job job) {
    return record().floor(job.release().name());
  }

  private boolean swap(Job job) {
    Optional<String> unmet = patience.unmet(job, Stage.SWAP, record());
    if (unmet.isPresent()) {
      return then(new UpdateEvent.Deferred(unmet.get()));
    }
    Optional<String> problem =
        record()
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
        record()
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
    watch.watch(
        timers::add, text -> handle(new UpdateEvent.Failed(UpdateResult.UPDATE_FAILED, text)));
    return true;
  }

  /** An interval of the model that listens is closed. */
  private void interval(Heartbeat.Builder interval) {
    keeper.interval(interval);
    TrialWatch.broken(record())
        .ifPresent(text -> handle(new UpdateEvent.Failed(UpdateResult.UPDATE_FAILED, text)));
  }

  private void trialPeriodOver() {
    int asOf = generation;
    heartbeats.close();
    if (asOf != generation) {
      return; // the last interval was too much
    }
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
    Report report = record().report();
    if (record().state() instanceof UpdateState.Idle && report != null) {
      log.info(
          "{}: {} {} ({}) {}",
          name,
          report.release(),
          report.state(),
          report.result(),
          report.text());
    } else {
      log.debug("{}: {} -> {}", name, event, record().state());
    }
  }
}
