package dev.earshot.gateway.metrics;

import dev.earshot.gateway.limits.MessageLimit;
import dev.earshot.gateway.message.RejectReason;
import dev.earshot.protocol.v1.SessionEvent;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import io.prometheus.client.Gauge;
import io.prometheus.client.Histogram;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleSupplier;
import java.util.function.Function;
import java.util.function.IntSupplier;

/**
 * What an operator sees of a gateway. Once nothing is in flight, messages received = forwarded +
 * rejected + failed; and commands received = delivered + undeliverable. Safe for any thread.
 */
public final class GatewayMetrics {
  private static final String PREFIX = "earshot_gateway_";

  private final CollectorRegistry registry = new CollectorRegistry();
  private final Counter.Child received =
      counter("messages_received_total", "Messages that devices published").labels();
  private final Counter.Child forwarded =
      counter("messages_forwarded_total", "Messages that Kafka has stored").labels();
  private final Counter rejected =
      counter("messages_rejected_total", "Messages that became dead letters", "reason");
  private final Counter.Child failed =
      counter("messages_failed_total", "Messages that Kafka did not take; the device sends again")
          .labels();
  private final Histogram.Child publishToAck =
      Histogram.build(
              PREFIX + "publish_ack_seconds", "From a message's arrival until Kafka has stored it")
          .buckets(.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30)
          .register(registry)
          .labels();
  private final Counter sessions = counter("sessions_total", "What happened to sessions", "event");
  private final Counter disconnects =
      counter("disconnects_total", "Sessions that ended, by why", "reason");
  private final Counter refusals =
      counter("refusals_total", "Connections that did not become sessions, by why", "reason");
  private final Counter throttled =
      counter("throttled_total", "Messages after which a socket was not read for a while", "limit");
  private final Counter.Child acknowledged =
      counter("acknowledged_total", "Messages that were acknowledged to their devices").labels();
  private final Counter.Child wills =
      counter("wills_total", "Wills that were published for devices").labels();
  private final Histogram.Child connectWait =
      Histogram.build(PREFIX + "connect_wait_seconds", "How long a CONNECT waited for its turn")
          .buckets(.001, .01, .1, .5, 1, 2, 4, 8, 15, 30)
          .register(registry)
          .labels();
  private final Gauge.Child waitingConnects =
      Gauge.build(PREFIX + "waiting_connects", "CONNECTs that wait for their turn")
          .register(registry)
          .labels();
  private final Counter subscriptions =
      counter("subscriptions_total", "Topic filters asked for", "outcome");
  private final Counter.Child eventsLost =
      counter("session_events_lost_total", "Session events that Kafka did not take").labels();
  private final Counter.Child commandsReceived =
      counter("commands_received_total", "Commands read from Kafka").labels();
  private final Counter.Child commandsDelivered =
      counter("commands_delivered_total", "Commands handed to a device's connection").labels();
  private final Counter.Child commandsAcknowledged =
      counter("commands_acknowledged_total", "Commands that a device acknowledged").labels();
  private final Counter commandsUndeliverable =
      counter("commands_undeliverable_total", "Commands not delivered by this gateway", "reason");

  public GatewayMetrics() {
    // A rate over a series that is born with its first event misses that event.
    Arrays.stream(RejectReason.values()).forEach(reason -> rejected.labels(reason.label()));
    Arrays.stream(EndReason.values()).forEach(reason -> disconnects.labels(reason.label()));
    Arrays.stream(RefusalReason.values()).forEach(reason -> refusals.labels(reason.label()));
    Arrays.stream(MessageLimit.values()).forEach(limit -> throttled.labels(limit.label()));
    Arrays.stream(Undeliverable.values())
        .forEach(reason -> commandsUndeliverable.labels(reason.label()));
  }

  /** What the metrics page shows. */
  public CollectorRegistry registry() {
    return registry;
  }

  /** Adds a value that is read when somebody looks. */
  public void gauge(String name, String help, DoubleSupplier value) {
    Gauge.build(PREFIX + name, help).create().setChild(read(value)).register(registry);
  }

  private static Gauge.Child read(DoubleSupplier value) {
    return new Gauge.Child() {
      @Override
      public double get() {
        return value.getAsDouble();
      }
    };
  }

  /** The same for each of a closed set. */
  public <T> void gauges(
      String name,
      String help,
      String label,
      List<T> all,
      Function<T, String> word,
      Function<T, IntSupplier> value) {
    Gauge gauge = Gauge.build(PREFIX + name, help).labelNames(label).create();
    for (T one : all) {
      gauge.setChild(read(value.apply(one)::getAsInt), word.apply(one));
    }
    gauge.register(registry);
  }

  public void throttled(MessageLimit limit) {
    throttled.labels(limit.label()).inc();
  }

  public void will() {
    wills.inc();
  }

  public void connectWaits(long nanos) {
    connectWait.observe(nanos * 1e-9);
  }

  public void waitingConnects(int more) {
    waitingConnects.inc(more);
  }

  /** Kafka has stored a message, so long after it came. */
  public void messageStored(long nanos) {
    publishToAck.observe(nanos * 1e-9);
  }

  /** Counts what happened since the last call of the same event loop. */
  public void messages(int moreReceived, int moreAcknowledged, int moreForwarded) {
    received.inc(moreReceived);
    acknowledged.inc(moreAcknowledged);
    forwarded.inc(moreForwarded);
  }

  public void messageRejected(RejectReason reason) {
    rejected.labels(reason.label()).inc();
  }

  public void messageFailed() {
    failed.inc();
  }

  public void sessionEvent(SessionEvent.Kind kind) {
    sessions.labels(kind.name().toLowerCase(Locale.ROOT)).inc();
  }

  public void sessionEventLost() {
    eventsLost.inc();
  }

  public void disconnected(EndReason reason) {
    disconnects.labels(reason.label()).inc();
  }

  public void refused(RefusalReason reason) {
    refusals.labels(reason.label()).inc();
  }

  public void subscription(boolean granted) {
    subscriptions.labels(granted ? "granted" : "refused").inc();
  }

  public void commandReceived() {
    commandsReceived.inc();
  }

  public void commandDelivered() {
    commandsDelivered.inc();
  }

  public void commandAcknowledged() {
    commandsAcknowledged.inc();
  }

  public void commandUndeliverable(Undeliverable reason) {
    commandsUndeliverable.labels(reason.label()).inc();
  }

  private Counter counter(String name, String help, String... labels) {
    return Counter.build(PREFIX + name, help).labelNames(labels).register(registry);
  }
}
