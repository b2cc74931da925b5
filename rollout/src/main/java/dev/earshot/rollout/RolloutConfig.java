package dev.earshot.rollout;

import dev.earshot.protocol.trust.SigningKey;
import dev.earshot.rollout.director.DirectorKey;
import dev.earshot.rollout.operator.OperatorSettings;
import dev.earshot.service.Settings;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;

/**
 * How a rollout service runs.
 *
 * @param kafka bootstrap servers
 * @param host interface to listen on
 * @param httpPort where operators and Prometheus come in; 0: any free one
 * @param instance this instance's name, stable over restarts and unique; static membership hangs on
 *     it
 * @param stateDirectory where stores live; lost, they are read from Kafka again
 * @param partitions of the device topics
 * @param replication of topics
 * @param threads of the topology, at least 1
 * @param registryUrl where devices fetch releases
 * @param director signs every order; devices know its public half from the director's root
 * @param operators who may do what; by default nobody is let in
 * @param tick how often time is looked at, machine time
 * @param resendAfter a command that a device does not show is not repeated sooner, machine time
 */
public record RolloutConfig(
    String kafka,
    String host,
    int httpPort,
    String instance,
    Path stateDirectory,
    int partitions,
    int replication,
    int threads,
    URI registryUrl,
    SigningKey director,
    OperatorSettings operators,
    Duration tick,
    Duration resendAfter) {
  public static final Duration DEFAULT_TICK = Duration.ofMillis(250);
  public static final Duration DEFAULT_RESEND_AFTER = Duration.ofSeconds(5);
  private static final int DEFAULT_PORT = 7082;
  private static final URI DEFAULT_REGISTRY = URI.create("http://localhost:7081");

  public RolloutConfig {
    require(partitions >= 1, "partitions", partitions);
    require(replication >= 1, "replication", replication);
    require(threads >= 1, "threads", threads);
    require(tick.isPositive(), "tick", tick);
    require(resendAfter.isPositive(), "resendAfter", resendAfter);
  }

  /** Reads {@code EARSHOT_*}; the caller ends with {@link Settings#finish}. */
  public static RolloutConfig from(Settings settings) {
    return new RolloutConfig(
        settings.text("EARSHOT_KAFKA", "localhost:19092"),
        settings.text("EARSHOT_HTTP_HOST", "0.0.0.0"),
        settings.port("EARSHOT_HTTP_PORT", DEFAULT_PORT),
        settings.text("EARSHOT_INSTANCE", "rollout-0"),
        settings.path("EARSHOT_STATE_DIR", Path.of("/var/lib/earshot/rollout")),
        settings.integer("EARSHOT_DEVICE_PARTITIONS", 8, 1, 4096),
        settings.integer("EARSHOT_REPLICATION", 1, 1, 9),
        settings.integer("EARSHOT_STREAM_THREADS", 1, 1, 64),
        settings.url("EARSHOT_REGISTRY_URL", DEFAULT_REGISTRY),
        DirectorKey.from(settings),
        OperatorSettings.from(settings),
        positive(settings, "EARSHOT_TICK", DEFAULT_TICK),
        positive(settings, "EARSHOT_RESEND_AFTER", DEFAULT_RESEND_AFTER));
  }

  /** Never shows a token or a key. */
  @Override
  public String toString() {
    return "RolloutConfig[" + instance + ", kafka " + kafka + ", port " + httpPort + "]";
  }

  private static Duration positive(Settings settings, String key, Duration fallback) {
    return settings.parsed(
        key,
        fallback,
        text -> {
          Duration value = Duration.parse(text);
          if (!value.isPositive()) {
            throw new IllegalArgumentException("not positive");
          }
          return value;
        },
        "a positive duration such as PT0.25S");
  }

  private static void require(boolean holds, String field, Object value) {
    if (!holds) {
      throw new IllegalArgumentException(field + ": " + value + " (expected: above 0)");
    }
  }
}
