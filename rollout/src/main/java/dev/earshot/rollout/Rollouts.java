package dev.earshot.rollout;

import dev.earshot.protocol.clock.FleetClock;
import dev.earshot.rollout.assignment.Orders;
import dev.earshot.rollout.director.Director;
import dev.earshot.rollout.http.RolloutHttp;
import dev.earshot.rollout.stream.KafkaControlPlane;
import dev.earshot.rollout.stream.RolloutStreams;
import dev.earshot.rollout.stream.RolloutTopics;
import dev.earshot.rollout.stream.TopologySettings;
import dev.earshot.service.Health;
import dev.earshot.service.StartException;
import io.prometheus.client.CollectorRegistry;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running rollout service: the topology and the operators' interface. Start and close may be
 * called from any thread but an event loop.
 */
public final class Rollouts implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Rollouts.class);
  private static final Duration ANSWER_WITHIN = Duration.ofSeconds(15);

  private final RolloutConfig config;
  private final RolloutHttp http;
  private final Health health;
  private final Deque<AutoCloseable> resources;

  private Rollouts(
      RolloutConfig config, RolloutHttp http, Health health, Deque<AutoCloseable> resources) {
    this.config = config;
    this.http = http;
    this.health = health;
    this.resources = resources;
  }

  /**
   * Starts the service; returns when HTTP answers. {@code /health/ready} says when the topology has
   * its partitions; requests that come before then wait for it.
   *
   * @param clock the fleet's clock: soak times, deadlines and pace run on it
   * @throws StartException when it can't start, with the reason in one line
   */
  public static Rollouts start(RolloutConfig config, FleetClock clock) {
    Deque<AutoCloseable> resources = new ArrayDeque<>();
    try {
      return start(config, clock, resources);
    } catch (RuntimeException e) {
      closeAll(resources);
      throw new StartException("the rollout service did not start: " + e.getMessage(), e);
    }
  }

  private static Rollouts start(
      RolloutConfig config, FleetClock clock, Deque<AutoCloseable> resources) {
    CollectorRegistry registry = new CollectorRegistry();
    int partitions = RolloutTopics.ensure(config);
    TopologySettings settings =
        new TopologySettings(
            clock,
            partitions,
            new Orders(config.registryUrl().toString(), Director.of(config.director())),
            config.tick(),
            config.resendAfter(),
            new StreamMetrics(registry));
    RolloutStreams streams = RolloutStreams.start(config, settings);
    resources.push(streams);
    KafkaControlPlane plane =
        KafkaControlPlane.start(config.kafka(), config.instance(), ANSWER_WITHIN);
    resources.push(plane);
    new RolloutMetrics(plane).register(registry);
    Health health =
        new Health().check("topology", streams::problem).check("control-plane", plane::problem);
    RolloutHttp http =
        RolloutHttp.start(
            config.host(), config.httpPort(), config.operators(), plane, health, registry);
    resources.push(http);
    LOG.info("{} serves operators on {}", config.instance(), http.port());
    return new Rollouts(config, http, health, resources);
  }

  /** Where operators and Prometheus come in. */
  public int httpPort() {
    return http.port();
  }

  /** Whether the topology runs and the control plane has been read. */
  public boolean isReady() {
    return health.problems().isEmpty();
  }

  /** Stops HTTP, then the view, then the topology; what is in Kafka stays. */
  @Override
  public void close() {
    closeAll(resources);
    LOG.info("{} is closed", config.instance());
  }

  private static void closeAll(Deque<AutoCloseable> resources) {
    while (!resources.isEmpty()) {
      try {
        resources.pop().close();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } catch (Exception e) {
        LOG.warn("while closing: {}", e.toString());
      }
    }
  }
}
