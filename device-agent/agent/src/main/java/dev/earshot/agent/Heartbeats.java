package dev.earshot.agent;

import com.google.protobuf.ByteString;
import dev.earshot.agent.port.Timers;
import dev.earshot.agent.update.Content;
import dev.earshot.protocol.MqttTopic.Channel;
import dev.earshot.protocol.v1.Heartbeat;
import dev.earshot.protocol.v1.Slot;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Cuts time into intervals and gets each to the gateway, in order, at least once: {@link
 * HeartbeatQueue} holds what waits, over power cuts too. The interval that is under way when the
 * power is cut is lost. Lengths are of the monotonic clock alone; the wall clock, which may jump,
 * is only told. Runs on the agent's thread.
 */
final class Heartbeats {
  private static final long NONE = -1;

  private final AgentPorts ports;
  private final AgentSettings settings;
  private final HeartbeatQueue queue;

  private int bootId;
  private int sequence;
  private long bootedMillis;
  private long startMillis;
  private long startWallMillis;
  private boolean connected;
  private long connectedSinceMillis;
  private long connectedMillis;
  private @Nullable Content model;
  private Slot slot = Slot.SLOT_UNSPECIFIED;
  private long listenedMillis;
  private long inferences;

  private Timers.@Nullable Timer timer;
  private Consumer<Heartbeat.Builder> onInterval = interval -> {};

  /** Place in the line of what was published and not acknowledged yet. */
  private long sending = NONE;

  Heartbeats(AgentPorts ports, AgentSettings settings) {
    this.ports = ports;
    this.settings = settings;
    this.queue = new HeartbeatQueue(ports.outbox(), settings.heartbeatCapacity());
  }

  void start(int newBootId) {
    queue.restore();
    bootId = newBootId;
    bootedMillis = now();
    begin();
    // The first interval is cut short at random, so that devices that start together don't report
    // together.
    schedule(0.1 + 0.9 * ports.random().nextDouble());
  }

  void stop() {
    Timers.Timer running = timer;
    if (running != null) {
      running.cancel();
    }
    sending = NONE;
    connected = false;
  }

  /** Another model is about to listen: what the present one did is an interval of its own. */
  void modelChanges() {
    if (model != null) {
      close();
    }
  }

  /** From now on this model listens. */
  void becomes(Content next, Slot nextSlot) {
    if (model == null) {
      begin();
    }
    model = next;
    slot = nextSlot;
    listenedMillis = 0;
    inferences = 0;
  }

  /**
   * How long the present model has listened, as far as intervals are closed, and how many
   * inferences it made.
   */
  boolean listensInVain() {
    return listenedMillis >= 1000 && inferences == 0;
  }

  /** Ends the interval and begins the next. Without a model there is nothing to report. */
  void close() {
    if (model != null) {
      report();
    }
    begin();
    schedule(1);
    send();
  }

  private void report() {
    Heartbeat.Builder heartbeat = Heartbeat.newBuilder();
    ports.listening().drain(heartbeat);
    long now = now();
    countConnection(now);
    // The clock is read after the counts are taken and after the interval before was closed; what
    // was listened in between is in this interval, which is never shorter than that.
    long lengthMillis = Math.max(now - startMillis, heartbeat.getListeningMs());
    listenedMillis += heartbeat.getListeningMs();
    inferences += heartbeat.getInferences();
    if (lengthMillis > 0
        || heartbeat.getListeningMs() > 0
        || heartbeat.getWakes() > 0
        || heartbeat.getInferences() > 0
        || heartbeat.getUnexpectedReboots() > 0) {
      queue.add(identified(heartbeat, now, lengthMillis));
    }
    // Last: whoever hears it may change the model at once, and this interval was the present one's.
    onInterval.accept(heartbeat);
  }

  void onConnected() {
    if (!connected) {
      connected = true;
      connectedSinceMillis = now();
    }
    sending = NONE;
    send();
  }

  void onDisconnected() {
    countConnection(now());
    connected = false;
    sending = NONE;
  }

  Counters counters() {
    return queue.counters();
  }

  void onDrop(Consumer<Heartbeat> listener) {
    queue.onDrop(listener);
  }

  /** Who hears what each interval of a model was like, sent or not. */
  void onInterval(Consumer<Heartbeat.Builder> listener) {
    onInterval = listener;
  }

  List<Heartbeat> unsent() {
    return queue.heartbeats();
  }

  private Heartbeat.Builder identified(Heartbeat.Builder heartbeat, long now, long lengthMillis) {
    Content listening = model;
    if (listening != null) {
      heartbeat
          .setModelDigest(ByteString.copyFrom(listening.modelDigest().bytes()))
          .setRelease(listening.release().toString())
          .setSlot(slot);
    }
    return heartbeat
        .setBootId(bootId)
        .setSequence(sequence++)
        .setIntervalStartMs(startWallMillis)
        .setIntervalMs((int) Math.min(lengthMillis, 0xffff_ffffL))
        .setUptimeMs(now - bootedMillis)
        .setConnectivityConnectedMs((int) Math.min(connectedMillis, lengthMillis))
        .setConnectivityExpectedMs((int) Math.min(lengthMillis, 0xffff_ffffL));
  }

  private void begin() {
    startMillis = now();
    startWallMillis = ports.clock().millis();
    connectedMillis = 0;
    connectedSinceMillis = startMillis;
  }

  private void countConnection(long now) {
    if (connected) {
      connectedMillis += now - connectedSinceMillis;
      connectedSinceMillis = now;
    }
  }

  private void schedule(double share) {
    Timers.Timer running = timer;
    if (running != null) {
      running.cancel();
    }
    long millis = Math.max(1, (long) (settings.heartbeatInterval().toMillis() * share));
    timer = ports.timers().afterFleet(Duration.ofMillis(millis), this::close);
  }

  /** One at a time: order is kept, and a broker that is slow to acknowledge is not pressed. */
  private void send() {
    HeartbeatQueue.Waiting next = queue.oldest();
    if (!connected || next == null || sending == next.index()) {
      return;
    }
    sending = next.index();
    ports
        .transport()
        .publish(Channel.HEARTBEAT, next.heartbeat().toByteArray())
        .whenComplete((done, failure) -> published(next.index(), failure));
  }

  private void published(long index, @Nullable Throwable failure) {
    if (sending != index) {
      return; // of an earlier connection, or it has been given up since
    }
    sending = NONE;
    HeartbeatQueue.Waiting oldest = queue.oldest();
    if (failure == null && oldest != null && oldest.index() == index) {
      queue.acknowledge();
      send();
    }
  }

  private long now() {
    return ports.timers().monotonicMillis();
  }
}
