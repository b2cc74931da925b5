package dev.earshot.gateway.stream;

import dev.earshot.gateway.GatewayConfig;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;

/** Asks Kafka from time to time whether it answers. */
public final class KafkaReachability implements AutoCloseable {
  private static final int ANSWER_WITHIN_MILLIS = 5_000;
  private static final long AWAY_AFTER_AT_LEAST_NANOS = TimeUnit.SECONDS.toNanos(8);

  private final Admin admin;
  private final String kafka;
  private final AtomicBoolean asking = new AtomicBoolean();
  private final long awayAfterNanos;
  private volatile String problem;
  private volatile long answeredNanos = System.nanoTime();

  public KafkaReachability(GatewayConfig config) {
    this.kafka = config.kafka();
    this.awayAfterNanos =
        Math.max(AWAY_AFTER_AT_LEAST_NANOS, config.limits().deliveryTimeout().toNanos());
    this.problem = "Kafka at " + kafka + " was not asked yet";
    Properties properties = new Properties();
    properties.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, config.kafka());
    properties.put(CommonClientConfigs.CLIENT_ID_CONFIG, config.instance() + "-reachability");
    properties.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, ANSWER_WITHIN_MILLIS);
    properties.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, ANSWER_WITHIN_MILLIS);
    this.admin = Admin.create(properties);
  }

  /** Asks, unless it still waits for an answer. Does not block. */
  public void ask() {
    if (!asking.compareAndSet(false, true)) {
      return;
    }
    var _ =
        admin
            .describeCluster()
            .nodes()
            .whenComplete(
                (nodes, failure) -> {
                  problem =
                      failure == null ? "" : "Kafka at " + kafka + " does not answer: " + failure;
                  if (failure == null) {
                    answeredNanos = System.nanoTime();
                  }
                  asking.set(false);
                });
  }

  /** Empty when Kafka answered last time, else what was wrong. */
  public String problem() {
    return problem;
  }

  /**
   * Whether Kafka has not answered for so long that what devices send would not be stored either:
   * the delivery timeout, and 8 seconds at least.
   */
  public boolean isAway() {
    return System.nanoTime() - answeredNanos > awayAfterNanos;
  }

  @Override
  public void close() {
    admin.close(Duration.ofSeconds(1));
  }
}
