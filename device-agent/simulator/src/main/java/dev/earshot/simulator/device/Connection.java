package dev.earshot.simulator.device;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Parser;
import dev.earshot.agent.port.Timers;
import dev.earshot.agent.port.Transport;
import dev.earshot.protocol.DeviceId;
import dev.earshot.protocol.MqttTopic.Channel;
import dev.earshot.protocol.v1.DeviceStatus;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Keeps one boot of a device connected: comes back after a loss, ever more patiently and with
 * jitter (machine time). Used on the device's loop.
 */
final class Connection implements Transport, Uplink.Listener {
  private static final long FIRST_RETRY_MILLIS = 500;
  private static final long LONGEST_RETRY_MILLIS = 30_000;

  private final DeviceId id;
  private final FleetServices fleet;
  private final Uplink uplink;
  private final Timers timers;
  private final FaultDice dice;
  private final HeartbeatPath heartbeats;
  private final RandomGenerator random;
  private final Events events;
  private Uplink.@Nullable Session session;
  private boolean up;
  private boolean closed;
  private boolean silent;
  private int sessions;
  private int failures;
  private @Nullable String updateState;

  /** Hears what the agent must know. */
  interface Events {
    void connected();

    void disconnected();

    void command(byte[] payload);
  }

  Connection(
      DeviceId id,
      FleetServices fleet,
      Uplink uplink,
      Timers timers,
      FaultDice dice,
      HeartbeatPath heartbeats,
      RandomGenerator random,
      Events events) {
    this.id = id;
    this.fleet = fleet;
    this.uplink = uplink;
    this.timers = timers;
    this.dice = dice;
    this.heartbeats = heartbeats;
    this.random = random;
    this.events = events;
  }

  void open() {
    if (!closed && !silent && session == null) {
      sessions++;
      session = uplink.connect(id, this);
    }
  }

  void close() {
    if (!closed) {
      closed = true;
      dropSession();
      fleet.tally().updateChanged(updateState, null);
    }
  }

  @Override
  public CompletionStage<Void> publish(Channel channel, byte[] payload) {
    Uplink.Session current = session;
    if (current == null || !up) {
      return CompletableFuture.failedFuture(new IOException(id + ": not connected"));
    }
    return switch (channel) {
      case HEARTBEAT -> heartbeats.publish(current, payload);
      case STATUS -> {
        watchUpdate(payload);
        yield current.publish(channel, payload);
      }
      case COMMAND -> throw new IllegalArgumentException("devices don't send commands");
    };
  }

  @Override
  public void up() {
    if (closed) {
      return;
    }
    up = true;
    failures = 0;
    fleet.tally().up();
    Duration untilLoss = dice.untilDisconnect();
    if (!untilLoss.isNegative()) {
      int thisSession = sessions;
      var _ =
          timers.afterFleet(
              untilLoss,
              () -> {
                if (thisSession == sessions) {
                  breakOff();
                }
              });
    }
    handOn();
    events.connected();
  }

  /** The relay hands on what it holds now, if it can. */
  void handOn() {
    Uplink.Session current = session;
    if (current != null && up) {
      heartbeats.handOn(current);
    }
  }

  /** The connection breaks; without effect when there is none. */
  void breakOff() {
    if (up) {
      dropSession();
      lost();
    }
  }

  /** From now on the device can't be heard, or can be again. */
  void silence(boolean now) {
    boolean before = silent;
    silent = now;
    if (now && !before && !closed) {
      boolean wasUp = up;
      dropSession();
      if (wasUp) {
        fleet.tally().connectionLost();
        events.disconnected();
      }
    } else if (before && !now) {
      open();
    }
  }

  boolean isSilent() {
    return silent;
  }

  @Override
  public void down(String reason) {
    if (!closed) {
      isDown();
      session = null;
      lost();
    }
  }

  @Override
  public void command(byte[] payload) {
    if (!closed) {
      fleet.tally().commandArrived();
      events.command(payload);
    }
  }

  private void lost() {
    failures++;
    fleet.tally().connectionLost();
    events.disconnected();
    long bound = Math.min(LONGEST_RETRY_MILLIS, FIRST_RETRY_MILLIS << Math.min(failures - 1, 10));
    var _ =
        timers.afterMachine(
            Duration.ofMillis(1 + (long) (bound * random.nextDouble())), this::open);
  }

  private void isDown() {
    if (up) {
      up = false;
      fleet.tally().down();
    }
  }

  private void dropSession() {
    Uplink.Session current = session;
    isDown();
    session = null;
    if (current != null) {
      current.close();
    }
  }

  private void watchUpdate(byte[] payload) {
    DeviceStatus status = parse(DeviceStatus.parser(), payload);
    if (status.hasUpdate()) {
      String state = status.getUpdate().getState().name().toLowerCase(Locale.ROOT);
      fleet.tally().updateChanged(updateState, state);
      updateState = state;
    }
  }

  private static <T> T parse(Parser<T> parser, byte[] payload) {
    try {
      return parser.parseFrom(payload);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("the agent's own message", e);
    }
  }
}
