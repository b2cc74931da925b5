package dev.earshot.cli.bench;

import dev.earshot.protocol.DeviceId;
import dev.earshot.protocol.MqttTopic.Channel;
import dev.earshot.protocol.v1.Environment;
import dev.earshot.protocol.v1.Heartbeat;
import dev.earshot.protocol.v1.Slot;
import dev.earshot.simulator.device.GatewayAddress;
import dev.earshot.simulator.device.MqttUplink;
import dev.earshot.simulator.device.Uplink;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * How many heartbeats a second the gateways and Kafka take at most on this machine: connections
 * that send the next one as soon as one is acknowledged, without any device behind them. It is what
 * a fleet's steady load is compared with. Its devices belong to a fleet of their own, {@value
 * #FLEET}.
 */
final class HeartbeatFlood {
  static final String FLEET = "flood";
  private static final int CONNECTIONS_PER_GATEWAY = 50;
  private static final int IN_FLIGHT = 8;
  private static final Duration KEEP_ALIVE = Duration.ofSeconds(60);
  private static final int BUCKETS = 32;

  private final List<GatewayAddress> gateways;
  private final LongAdder acknowledged = new LongAdder();
  private volatile boolean over;

  HeartbeatFlood(List<GatewayAddress> gateways) {
    this.gateways = List.copyOf(gateways);
  }

  /** Heartbeats a second, after a while of warming up. */
  double perSecond(Duration warmUp, Duration measured) throws InterruptedException {
    Vertx vertx =
        Vertx.vertx(new VertxOptions().setPreferNativeTransport(true).setEventLoopPoolSize(1));
    try {
      Context context = vertx.getOrCreateContext();
      context.runOnContext(
          ignored -> {
            Uplink uplink = new MqttUplink(context, gateways, List.of(), KEEP_ALIVE);
            for (int i = 0; i < CONNECTIONS_PER_GATEWAY * gateways.size(); i++) {
              new Source().connect(uplink, i);
            }
          });
      TimeUnit.MILLISECONDS.sleep(warmUp.toMillis());
      long before = acknowledged.sum();
      long began = System.nanoTime();
      TimeUnit.MILLISECONDS.sleep(measured.toMillis());
      return (acknowledged.sum() - before) * 1e9 / (System.nanoTime() - began);
    } finally {
      over = true;
      vertx.close().await();
    }
  }

  /** Heartbeats acknowledged in all. */
  long acknowledged() {
    return acknowledged.sum();
  }

  private final class Source implements Uplink.Listener {
    private Uplink.@Nullable Session session;
    private int sequence;

    void connect(Uplink uplink, int number) {
      session = uplink.connect(new DeviceId(FLEET, "flood-" + number), this);
    }

    @Override
    public void up() {
      for (int i = 0; i < IN_FLIGHT; i++) {
        send();
      }
    }

    @Override
    public void down(String reason) {
      // What is acknowledged is counted; a lost connection only lowers the result.
    }

    @Override
    public void command(byte[] payload) {
      // Nobody rolls anything out to these.
    }

    private void send() {
      Uplink.Session open = session;
      if (!over && open != null) {
        var _ =
            open.publish(Channel.HEARTBEAT, heartbeat(++sequence))
                .thenRun(
                    () -> {
                      acknowledged.increment();
                      send();
                    });
      }
    }
  }

  private static byte[] heartbeat(int sequence) {
    Heartbeat.Builder heartbeat =
        Heartbeat.newBuilder()
            .setBootId(1)
            .setSequence(sequence)
            .setIntervalStartMs(System.currentTimeMillis() - 1000)
            .setIntervalMs(1000)
            .setUptimeMs(1000L * sequence)
            .setRelease("hey-nova:1.0.0")
            .setSlot(Slot.SLOT_A)
            .setEnvironment(Environment.KITCHEN)
            .setListeningMs(700)
            .setInferences(7)
            .setNdpEnergyUj(100)
            .setBatterySocPct(80)
            .setOperationalCrashfreeMs(1000)
            .setConnectivityConnectedMs(1000)
            .setConnectivityExpectedMs(1000);
    for (int bucket = 0; bucket < BUCKETS; bucket++) {
      heartbeat.addScoreHistogram(bucket == 0 ? 7 : 0);
    }
    return heartbeat.build().toByteArray();
  }
}
