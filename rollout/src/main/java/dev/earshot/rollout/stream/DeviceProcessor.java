package dev.earshot.rollout.stream;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.earshot.protocol.DeviceId;
import dev.earshot.protocol.KafkaTopic;
import dev.earshot.protocol.Labels;
import dev.earshot.protocol.v1.Assignment;
import dev.earshot.protocol.v1.DeviceCommand;
import dev.earshot.protocol.v1.DeviceRecord;
import dev.earshot.protocol.v1.DeviceStatus;
import dev.earshot.protocol.v1.Heartbeat;
import dev.earshot.protocol.v1.PartitionSummary;
import dev.earshot.rollout.assignment.DeviceDesk;
import dev.earshot.rollout.assignment.Directives;
import dev.earshot.rollout.assignment.HeartbeatFold;
import dev.earshot.rollout.assignment.Memberships;
import dev.earshot.rollout.assignment.Outcome;
import dev.earshot.rollout.assignment.Tally;
import dev.earshot.rollout.control.Words;
import dev.earshot.rollout.stream.DirectiveView.Change;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The devices of one partition. The store holds them, and nothing else does: a message takes its
 * device's record from there, and a {@link DeviceWalk} passes over all of them, as often as {@link
 * WalkCadence} says, for what time brings about. Record, command and assignment are written in one
 * transaction.
 *
 * <p>A walk works for at most {@value #SLICE_MILLIS} ms at a time, once a tick. A transaction stays
 * open for about that long, times the partitions of the thread, beyond the commit interval; its
 * timeout is {@link RolloutStreams}' to set far above.
 */
final class DeviceProcessor implements Processor<String, DeviceInput, String, DeviceOutput> {
  private static final Logger LOG = LoggerFactory.getLogger(DeviceProcessor.class);
  private static final int SLICE_MILLIS = 100;

  private final TopologySettings settings;
  private final Map<String, PartitionSummary> lastSummaries = new HashMap<>();
  private final Memberships memberships = new Memberships();
  private WalkCadence cadence = new WalkCadence();
  private Directives directives = Directives.NONE;
  private Change unseen = Change.DECISION;
  private Backlog backlog = new Backlog(0);
  private @Nullable DeviceWalk walk;
  private @Nullable Bound bound;

  /** What {@code init} binds. */
  private record Bound(
      ProcessorContext<String, DeviceOutput> context,
      KeyValueStore<String, DeviceRecord> store,
      DirectiveView view,
      Releases catalogue,
      DeviceDesk desk) {}

  DeviceProcessor(TopologySettings settings) {
    this.settings = settings;
  }

  @Override
  public void init(ProcessorContext<String, DeviceOutput> context) {
    KeyValueStore<String, DeviceRecord> store = context.getStateStore(RolloutTopology.DEVICES);
    KeyValueStore<String, byte[]> rollouts = context.getStateStore(RolloutTopology.ROLLOUTS);
    KeyValueStore<String, byte[]> releases = context.getStateStore(RolloutTopology.RELEASES);
    Releases catalogue = new Releases(releases);
    DeviceDesk desk =
        new DeviceDesk(catalogue, memberships, settings.orders(), settings.resendAfter());
    // Streams initialises the same object again when it takes back a transaction: what was said in
    // it was not heard.
    lastSummaries.clear();
    memberships.retain(Set.of());
    cadence = new WalkCadence();
    walk = null;
    unseen = Change.DECISION;
    backlog = new Backlog(settings.clock().machine().millis());
    DirectiveView view = new DirectiveView(rollouts);
    directives = view.directives();
    bound = new Bound(context, store, view, catalogue, desk);
    context.schedule(settings.tick(), PunctuationType.WALL_CLOCK_TIME, timestamp -> tick());
  }

  @Override
  public void process(Record<String, DeviceInput> record) {
    Bound at = bound();
    try {
      DeviceId id = DeviceId.parse(record.key());
      DeviceRecord known = at.store().get(record.key());
      DeviceRecord before = known == null ? DeviceRecord.getDefaultInstance() : known;
      DeviceRecord heard = take(at, id, before, record);
      Outcome outcome = at.desk().settle(id, heard, directives, moment(true));
      write(at, id, before, outcome);
    } catch (InvalidProtocolBufferException | IllegalArgumentException e) {
      // The gateway has checked it: this is somebody else's record, or a newer version's.
      settings.metrics().damaged();
      LOG.warn("a message of {} is damaged and left out: {}", record.key(), e.getMessage());
    }
  }

  private DeviceRecord take(
      Bound at, DeviceId id, DeviceRecord device, Record<String, DeviceInput> record)
      throws InvalidProtocolBufferException {
    Instant receivedAt = receivedAt(record);
    backlog.read(record.timestamp(), receivedAt, settings.clock().machine().millis());
    return switch (record.value()) {
      case DeviceInput.HeartbeatBytes heartbeat -> {
        HeartbeatFold.Folded folded =
            HeartbeatFold.fold(device, Heartbeat.parseFrom(heartbeat.bytes()), receivedAt);
        settings.metrics().heartbeat(folded.verdict().name().toLowerCase(Locale.ROOT));
        yield folded.device();
      }
      case DeviceInput.StatusBytes status -> {
        settings.metrics().status();
        yield at.desk().status(id, device, DeviceStatus.parseFrom(status.bytes()), receivedAt);
      }
    };
  }

  private void tick() {
    Bound at = bound();
    unseen = unseen.or(at.view().refresh());
    at.catalogue().forget();
    if (walk != null && unseen == Change.DECISION) {
      // What it has counted is about to change; decisions are too few to keep it from ever ending.
      walk = null;
    }
    if (walk == null) {
      directives = at.view().directives();
      long now = settings.clock().machine().millis();
      if (!cadence.isDue(now, unseen, DeviceWalk.isUnderWay(directives))) {
        return;
      }
      walk = new DeviceWalk(directives, now, backlog.judgedAt(settings.clock().instant(), now));
      unseen = Change.NOTHING;
    }
    advance(at, walk);
  }

  private void advance(Bound at, DeviceWalk current) {
    DeviceDesk.Moment moment = moment(false);
    InstantSource machine = settings.clock().machine();
    long beganMillis = machine.millis();
    long until = beganMillis + SLICE_MILLIS;
    long before = current.visited();
    boolean ended =
        current.advance(
            at.store(),
            (id, device) -> look(at, current, id, device, moment),
            () -> machine.millis() < until);
    double seconds = (machine.millis() - beganMillis) / 1_000.0;
    settings.metrics().walked(current.visited() - before, Math.max(0, seconds), ended);
    if (ended) {
      Map<String, Tally> tallies = current.tallies();
      memberships.retain(tallies.keySet());
      lastSummaries.keySet().retainAll(tallies.keySet());
      tallies.forEach((rollout, tally) -> report(at, rollout, tally));
      cadence.ended(current.beganMillis(), machine.millis());
      walk = null;
    }
  }

  private void look(
      Bound at, DeviceWalk current, DeviceId id, DeviceRecord before, DeviceDesk.Moment moment) {
    Outcome outcome = at.desk().settle(id, before, directives, moment);
    write(at, id, before, outcome);
    tally(at, id, outcome.device(), current.tallies(), moment.now());
  }

  private void tally(
      Bound at, DeviceId id, DeviceRecord device, Map<String, Tally> tallies, Instant now) {
    if (tallies.isEmpty()) {
      return;
    }
    boolean enrolled = device.hasEnrolment() && !device.getEnrolment().getClosed();
    Tally own = tallies.get(device.getEnrolment().getRollout());
    if (enrolled && own != null) {
      own.addEnrolled(device, at.desk().position(id, device, own.directive()));
    }
    for (Tally tally : tallies.values()) {
      if (tally.directive().isUnbegun()) {
        at.desk().count(id, device, tally.directive(), now, tally.census());
      }
    }
    DeviceDesk.Waiting waiting = at.desk().waiting(id, device, directives, now);
    Tally awaited = waiting == null ? null : tallies.get(waiting.rollout());
    if (waiting != null && awaited != null) {
      awaited.addWaiting(waiting.arm());
    }
  }

  private void report(Bound at, String rollout, Tally tally) {
    PartitionSummary summary = tally.summary(at.context().taskId().partition());
    if (!summary.equals(lastSummaries.put(rollout, summary))) {
      forward(at, rollout, new DeviceOutput.Summed(summary));
    }
  }

  private void write(Bound at, DeviceId id, DeviceRecord before, Outcome outcome) {
    boolean changed = !outcome.device().equals(before);
    if (!changed && outcome.commands().isEmpty()) {
      return;
    }
    if (changed) {
      at.store().put(id.toString(), outcome.device());
    }
    for (DeviceCommand command : outcome.commands()) {
      settings.metrics().command(command.getActionCase().name().toLowerCase(Locale.ROOT));
      forward(at, id.toString(), new DeviceOutput.Told(command));
    }
    Assignment assignment = outcome.assignment(before);
    if (assignment != null) {
      settings
          .metrics()
          .assignment(Labels.of(assignment.getArm()), Words.of(assignment.getState()));
      forward(at, id.toString(), new DeviceOutput.Assigned(assignment));
    }
  }

  private void forward(Bound at, String key, DeviceOutput output) {
    at.context().forward(new Record<>(key, output, settings.clock().machine().millis()));
  }

  private DeviceDesk.Moment moment(boolean heard) {
    Instant now = settings.clock().instant();
    long machine = settings.clock().machine().millis();
    return new DeviceDesk.Moment(now, machine, heard, backlog.judgedAt(now, machine));
  }

  /** Event time: when the gateway received it, by the fleet's clock. */
  private Instant receivedAt(Record<String, DeviceInput> record) {
    Header header = record.headers().lastHeader(KafkaTopic.RECEIVED_MS_HEADER);
    return header == null
        ? settings.clock().instant()
        : Instant.ofEpochMilli(
            Long.parseLong(new String(header.value(), StandardCharsets.US_ASCII)));
  }

  private Bound bound() {
    if (bound == null) {
      throw new IllegalStateException("Kafka Streams calls init first");
    }
    return bound;
  }
}
