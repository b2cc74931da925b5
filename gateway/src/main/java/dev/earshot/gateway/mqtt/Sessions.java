package dev.earshot.gateway.mqtt;

import dev.earshot.gateway.limits.Membership;
import dev.earshot.gateway.metrics.EndReason;
import dev.earshot.gateway.metrics.GatewayMetrics;
import dev.earshot.gateway.metrics.Undeliverable;
import dev.earshot.gateway.stream.CommandTarget;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/** The sessions of this gateway, at most one for each device. Safe for any thread. */
final class Sessions implements CommandTarget {
  private final Map<String, Session> byDevice = new ConcurrentHashMap<>();
  private final AtomicIntegerArray byTransport = new AtomicIntegerArray(Transport.values().length);
  private final Epochs epochs;
  private final GatewayMetrics metrics;

  Sessions(Epochs epochs, GatewayMetrics metrics) {
    this.epochs = epochs;
    this.metrics = metrics;
  }

  /** Begins a session; the one that the device had before, if any, ends first. */
  void add(Session session) {
    byTransport.incrementAndGet(session.transport().ordinal());
    // Inside compute, so that epochs and events of one device come in the order of its sessions.
    byDevice.compute(
        session.device(),
        (device, previous) -> {
          if (previous != null) {
            previous.end(EndReason.TAKEN_OVER);
          }
          session.begin(epochs.next());
          return session;
        });
  }

  /**
   * A session has ended. It is forgotten, unless the device has a newer one by now; called inside
   * {@link #add} for the older one, which then must not touch the table.
   */
  void ended(Session session, EndReason reason) {
    byTransport.decrementAndGet(session.transport().ordinal());
    if (reason != EndReason.TAKEN_OVER) {
      byDevice.remove(session.device(), session);
    }
  }

  /** The place in its fleet of the session that the device has; null when it has none. */
  @Nullable Membership membership(String device) {
    Session session = byDevice.get(device);
    return session == null ? null : session.membership();
  }

  Collection<Session> all() {
    return List.copyOf(byDevice.values());
  }

  int count() {
    return byDevice.size();
  }

  IntSupplier count(Transport transport) {
    return () -> byTransport.get(transport.ordinal());
  }

  @Override
  public void deliver(String device, byte[] command) {
    Session session = byDevice.get(device);
    if (session == null) {
      metrics.commandUndeliverable(Undeliverable.NO_SESSION);
    } else {
      session.downlink().deliver(command);
    }
  }

  @Override
  public void connectedElsewhere(String device, long epoch) {
    Session session = byDevice.get(device);
    if (session != null && session.epoch() < epoch) {
      session.end(EndReason.TAKEN_OVER_ELSEWHERE);
    }
  }
}
