package dev.earshot.simulator.virtual;

import dev.earshot.protocol.DeviceId;
import dev.earshot.protocol.MqttTopic.Channel;
import dev.earshot.protocol.v1.SessionEvent;
import dev.earshot.simulator.device.Uplink;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * A gateway as devices and services see it, without sockets. What is published has arrived; its
 * acknowledgement takes its time on the way back and is lost when the session ends before. Commands
 * reach sessions that are there and nobody else. Used on its loop.
 */
public final class VirtualGateway implements Uplink {
  private static final Duration LATENCY = Duration.ofMillis(20);
  private static final String NAME = "virtual-0";

  /** Only ever asked by key: its order decides nothing. */
  private final Map<DeviceId, VirtualSession> sessions = new HashMap<>();

  private final VirtualLoop loop;
  private final Arrived arrived;
  private long epochs;

  /** Hears what the gateway takes over, in its order. */
  public interface Arrived {
    /** A device published; the bytes are never modified. */
    void message(DeviceId id, Channel channel, byte[] payload);

    /** A session began or ended. */
    void session(DeviceId id, SessionEvent event);
  }

  public VirtualGateway(VirtualLoop loop, Arrived arrived) {
    this.loop = loop;
    this.arrived = arrived;
  }

  /** Delivers a command when the device has a session at the time that it gets there. */
  public void deliver(DeviceId id, byte[] command) {
    var _ =
        loop.afterMachine(
            LATENCY,
            () -> {
              VirtualSession session = sessions.get(id);
              if (session != null) {
                session.listener.command(command);
              }
            });
  }

  /** Devices that have a session. */
  public int connected() {
    return sessions.size();
  }

  @Override
  public Session connect(DeviceId id, Listener listener) {
    VirtualSession session = new VirtualSession(id, listener);
    var _ = loop.afterMachine(LATENCY, session::begin);
    return session;
  }

  private final class VirtualSession implements Session {
    private final DeviceId id;
    private final Listener listener;
    private final Deque<CompletableFuture<Void>> waiting = new ArrayDeque<>();
    private final long epoch = ++epochs;
    private boolean up;
    private boolean closed;

    VirtualSession(DeviceId id, Listener listener) {
      this.id = id;
      this.listener = listener;
    }

    void begin() {
      if (closed) {
        return;
      }
      up = true;
      sessions.put(id, this);
      announce(SessionEvent.Kind.CONNECTED, "");
      listener.up();
    }

    @Override
    public CompletionStage<Void> publish(Channel channel, byte[] payload) {
      CompletableFuture<Void> acknowledged = new CompletableFuture<>();
      waiting.add(acknowledged);
      arrived.message(id, channel, payload);
      var _ = loop.afterMachine(LATENCY, this::acknowledge);
      return acknowledged;
    }

    @Override
    public void close() {
      if (closed) {
        return;
      }
      closed = true;
      if (up) {
        sessions.remove(id, this);
        announce(SessionEvent.Kind.DISCONNECTED, "closed");
      }
      List<CompletableFuture<Void>> lost = List.copyOf(waiting);
      waiting.clear();
      lost.forEach(stage -> stage.completeExceptionally(new IOException("closed")));
    }

    private void acknowledge() {
      if (!closed) {
        waiting.removeFirst().complete(null); // all take equally long: this one is the oldest
      }
    }

    private void announce(SessionEvent.Kind kind, String reason) {
      arrived.session(
          id,
          SessionEvent.newBuilder()
              .setKind(kind)
              .setEpoch(epoch)
              .setGateway(NAME)
              .setReason(reason)
              .setAtMs(loop.millis())
              .build());
    }
  }
}
