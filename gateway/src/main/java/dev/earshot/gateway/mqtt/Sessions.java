package dev.earshot.gateway.mqtt;

import dev.earshot.gateway.metrics.EndReason;
import dev.earshot.gateway.metrics.GatewayMetrics;
import dev.earshot.gateway.metrics.Undeliverable;
import dev.earshot.gateway.stream.CommandTarget;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The sessions of this gateway, at most one for each device. Safe for any thread. */
final class Sessions implements CommandTarget {
  private final Map<String, Session> byDevice = new ConcurrentHashMap<>();
  private final Epochs epochs;
  private final GatewayMetrics metrics;

  Sessions(Epochs epochs, GatewayMetrics metrics) {
    this.epochs = epochs;
    this.metrics = metrics;
  }

  /** Begins a session; the one that the device had before, if any, ends first. */
  void add(Session session) {
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

  /** Forgets a session that has ended, unless the device has a newer one by now. */
  void remove(Session session) {
    byDevice.remove(session.device(), session);
  }

  Collection<Session> all() {
    return List.copyOf(byDevice.values());
  }

  int count() {
    return byDevice.size();
  }

  @Override
  public void deliver(String device, byte[] command) {
    Session session = byDevice.get(device);
    if (session == null) {
      metrics.commandUndeliverable(Undeliverable.NO_SESSION);
    } else {
      session.deliver(command);
    }
  }
}
