package dev.earshot.rollout.stream;

import dev.earshot.protocol.v1.RolloutEvent;
import dev.earshot.protocol.v1.RolloutRecord;
import dev.earshot.rollout.lifecycle.Conductor;
import dev.earshot.rollout.lifecycle.Decision;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The rollouts. Record, snapshot and events are written in one transaction. */
final class ControlProcessor implements Processor<String, ControlInput, String, ControlOutput> {
  private static final Logger LOG = LoggerFactory.getLogger(ControlProcessor.class);

  private final TopologySettings settings;
  private @Nullable Bound bound;
  private @Nullable Instant lastTick;

  private record Bound(
      ProcessorContext<String, ControlOutput> context,
      KeyValueStore<String, RolloutRecord> store,
      Releases catalogue,
      Conductor conductor) {}

  ControlProcessor(TopologySettings settings) {
    this.settings = settings;
  }

  @Override
  public void init(ProcessorContext<String, ControlOutput> context) {
    KeyValueStore<String, byte[]> releases = context.getStateStore(RolloutTopology.RELEASES);
    Releases catalogue = new Releases(releases);
    bound =
        new Bound(
            context,
            context.getStateStore(RolloutTopology.CONTROL),
            catalogue,
            new Conductor(settings.partitions(), catalogue));
    lastTick = null;
    context.schedule(settings.tick(), PunctuationType.WALL_CLOCK_TIME, timestamp -> tick());
  }

  @Override
  public void process(Record<String, ControlInput> record) {
    Bound at = bound();
    RolloutRecord before = at.store().get(record.key());
    switch (record.value()) {
      case ControlInput.Asked asked -> {
        at.catalogue().forget();
        write(
            at,
            record.key(),
            before,
            at.conductor().request(before, asked.request(), settings.clock().instant()));
      }
      case ControlInput.Summed summed -> {
        if (before != null) {
          at.store().put(record.key(), at.conductor().summary(before, summed.summary()));
        }
      }
    }
  }

  private void tick() {
    Bound at = bound();
    Instant now = settings.clock().instant();
    Duration elapsed = lastTick == null ? Duration.ZERO : Duration.between(lastTick, now);
    lastTick = now;
    at.catalogue().forget();
    for (KeyValue<String, RolloutRecord> open : open(at)) {
      write(at, open.key, open.value, at.conductor().tick(open.value, now, elapsed));
    }
  }

  private static List<KeyValue<String, RolloutRecord>> open(Bound at) {
    List<KeyValue<String, RolloutRecord>> open = new ArrayList<>();
    try (KeyValueIterator<String, RolloutRecord> all = at.store().all()) {
      while (all.hasNext()) {
        KeyValue<String, RolloutRecord> entry = all.next();
        if (at.conductor().isUnderWay(entry.value)) {
          open.add(entry);
        }
      }
    }
    return open;
  }

  private void write(Bound at, String rollout, @Nullable RolloutRecord before, Decision decision) {
    RolloutRecord after = decision.record();
    if (after == null && before != null) {
      at.store().delete(rollout);
      forward(at, rollout, new ControlOutput.Forgotten());
    }
    if (after != null && !after.equals(before)) {
      at.store().put(rollout, after);
      if (before == null || !after.getSnapshot().equals(before.getSnapshot())) {
        forward(at, rollout, new ControlOutput.Published(after.getSnapshot()));
      }
    }
    for (RolloutEvent event : decision.events()) {
      LOG.info(
          "rollout {}: {} by {} (revision {}) {}",
          rollout,
          event.getKind(),
          event.getActor(),
          event.getRevision(),
          event.getReason());
      forward(at, rollout, new ControlOutput.Noted(event));
    }
  }

  private void forward(Bound at, String rollout, ControlOutput output) {
    at.context().forward(new Record<>(rollout, output, settings.clock().machine().millis()));
  }

  private Bound bound() {
    if (bound == null) {
      throw new IllegalStateException("Kafka Streams calls init first");
    }
    return bound;
  }
}
