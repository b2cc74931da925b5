package dev.earshot.simulator.device;

import dev.earshot.protocol.DeviceId;
import dev.earshot.protocol.MqttTopic.Channel;
import dev.earshot.simulator.scenario.Fault.Kind;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * A bad line between one device and a gateway, virtual or real: publications are held up, in their
 * order, or lost. A connection on which one was lost is given up when its acknowledgement is
 * overdue, as MQTT clients do. Used on the device's loop.
 */
final class FaultyUplink implements Uplink {
  /** As the real client; fleet time, like all times of a scenario. */
  static final Duration ACKNOWLEDGED_WITHIN = Duration.ofSeconds(30);

  private final Uplink uplink;
  private final FaultDice dice;
  private final DeviceLoop loop;

  private FaultyUplink(Uplink uplink, FaultDice dice, DeviceLoop loop) {
    this.uplink = uplink;
    this.dice = dice;
    this.loop = loop;
  }

  /** The uplink itself for a device whose line is good. */
  static Uplink of(Uplink uplink, FaultDice dice, DeviceLoop loop) {
    return dice.has(Kind.PACKET_LOSS) || dice.has(Kind.LATENCY)
        ? new FaultyUplink(uplink, dice, loop)
        : uplink;
  }

  @Override
  public Session connect(DeviceId id, Listener listener) {
    return new Line(id, listener);
  }

  @Override
  public void calm() {
    uplink.calm();
  }

  private record Waiting(Channel channel, byte[] payload, CompletableFuture<Void> result) {}

  private final class Line implements Session, Listener {
    private final DeviceId id;
    private final Listener listener;
    private final Session session;
    private final Deque<Waiting> heldUp = new ArrayDeque<>(0);
    private final List<CompletableFuture<Void>> lost = new ArrayList<>(0);
    private long clearAtMillis;
    private boolean ended;

    Line(DeviceId id, Listener listener) {
      this.id = id;
      this.listener = listener;
      this.session = uplink.connect(id, this); // does not call back from within
    }

    @Override
    public CompletionStage<Void> publish(Channel channel, byte[] payload) {
      if (ended) {
        return CompletableFuture.failedFuture(new IOException(id + ": not connected"));
      }
      long delay = dice.delayMillis();
      if (delay == 0 && heldUp.isEmpty()) {
        return send(channel, payload);
      }
      long now = loop.monotonicMillis();
      clearAtMillis = Math.max(clearAtMillis, now + delay);
      CompletableFuture<Void> result = new CompletableFuture<>();
      heldUp.add(new Waiting(channel, payload, result));
      var _ = loop.afterFleet(Duration.ofMillis(clearAtMillis - now), this::sendOldest);
      return result;
    }

    @Override
    public void close() {
      if (!ended) {
        end("closed by the device");
        session.close();
      }
    }

    @Override
    public void up() {
      if (!ended) {
        listener.up();
      }
    }

    @Override
    public void down(String reason) {
      if (!ended) {
        end(reason);
        listener.down(reason);
      }
    }

    @Override
    public void command(byte[] payload) {
      if (!ended) {
        listener.command(payload);
      }
    }

    private void sendOldest() {
      Waiting oldest = heldUp.poll();
      if (ended || oldest == null) {
        return;
      }
      var _ =
          send(oldest.channel(), oldest.payload())
              .whenComplete(
                  (done, failure) -> {
                    if (failure == null) {
                      oldest.result().complete(null);
                    } else {
                      oldest.result().completeExceptionally(failure);
                    }
                  });
    }

    private CompletionStage<Void> send(Channel channel, byte[] payload) {
      return switch (dice.passage()) {
        case ARRIVES -> session.publish(channel, payload);
        case LOST -> overdue();
        case UNCONFIRMED -> {
          var _ = session.publish(channel, payload);
          yield overdue();
        }
      };
    }

    private CompletionStage<Void> overdue() {
      CompletableFuture<Void> never = new CompletableFuture<>();
      lost.add(never);
      var _ =
          loop.afterFleet(
              ACKNOWLEDGED_WITHIN,
              () -> {
                if (!ended) {
                  session.close();
                  down("no acknowledgement within " + ACKNOWLEDGED_WITHIN.toSeconds() + " s");
                }
              });
      return never;
    }

    private void end(String reason) {
      ended = true;
      List<CompletableFuture<Void>> all = new ArrayList<>(lost);
      heldUp.forEach(waiting -> all.add(waiting.result()));
      lost.clear();
      heldUp.clear();
      all.forEach(each -> each.completeExceptionally(new IOException(id + ": " + reason)));
    }
  }
}
