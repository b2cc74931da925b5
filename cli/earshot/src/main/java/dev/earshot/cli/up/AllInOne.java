package dev.earshot.cli.up;

import dev.earshot.broker.EmbeddedBroker;
import dev.earshot.cli.Connection;
import dev.earshot.cli.trust.LocalTrustFolder;
import dev.earshot.gateway.Gateway;
import dev.earshot.gateway.GatewayConfig;
import dev.earshot.gateway.identity.IdentitySettings;
import dev.earshot.gateway.limits.LimitSettings;
import dev.earshot.monitoring.Monitoring;
import dev.earshot.monitoring.MonitoringConfig;
import dev.earshot.protocol.KafkaTopic;
import dev.earshot.protocol.clock.FleetClock;
import dev.earshot.protocol.trust.LocalTrust;
import dev.earshot.protocol.trust.TrustedImage;
import dev.earshot.registry.Registry;
import dev.earshot.registry.RegistryConfig;
import dev.earshot.registry.StorageConfig;
import dev.earshot.registry.client.RegistryClient;
import dev.earshot.rollout.RolloutConfig;
import dev.earshot.rollout.Rollouts;
import dev.earshot.rollout.operator.OperatorSettings;
import dev.earshot.service.Topics;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The broker and the four services in this process, wired as they would be apart: they meet in
 * Kafka and HTTP only. Listens on the loopback address.
 */
public final class AllInOne implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(AllInOne.class);
  private static final String HOST = "127.0.0.1";

  /** A simulated fleet may live some hundred times faster, and flaps as much more often. */
  private static final LimitSettings FAST_FLEET =
      new LimitSettings(
          100_000,
          10_000,
          Duration.ofSeconds(8),
          6_000,
          10_000,
          1_000,
          1_200,
          0,
          0,
          0,
          Optional.empty());

  private static final int DEVICE_PARTITIONS = 4;

  private final Deque<AutoCloseable> started = new ArrayDeque<>();
  private final LocalTrust trust;
  private Connection.Endpoints endpoints;

  /**
   * The ports; 0 means any free one.
   *
   * @param kafka of the broker
   * @param mqtt of the gateway
   * @param gateway of the gateway's health and metrics
   * @param registry of the registry
   * @param rollout of the rollout service
   * @param monitoring of monitoring
   */
  public record Ports(int kafka, int mqtt, int gateway, int registry, int rollout, int monitoring) {
    /** Any free ones. */
    public static final Ports ANY = new Ports(0, 0, 0, 0, 0, 0);
  }

  private AllInOne(LocalTrust trust, Connection.Endpoints endpoints) {
    this.trust = trust;
    this.endpoints = endpoints;
  }

  /**
   * Starts everything; returns when all of it listens.
   *
   * @param data where broker and services keep what they know; its {@code trust/} has all keys
   * @param adminToken the operator's bearer token
   */
  public static AllInOne start(Path data, Ports ports, String adminToken, FleetClock clock) {
    URI nowhere = URI.create("http://" + HOST);
    LocalTrustFolder trustFolder = LocalTrustFolder.in(data);
    AllInOne all =
        new AllInOne(
            trustFolder.open(clock.instant()),
            new Connection.Endpoints(nowhere, nowhere, nowhere, nowhere, "", "", adminToken, ""));
    try {
      all.startAll(data, ports, trustFolder, adminToken, clock);
      return all;
    } catch (RuntimeException e) {
      all.close();
      throw e instanceof CompletionException && e.getCause() instanceof RuntimeException cause
          ? cause
          : e;
    }
  }

  private void startAll(
      Path data, Ports ports, LocalTrustFolder trustFolder, String adminToken, FleetClock clock) {
    EmbeddedBroker broker = opened(EmbeddedBroker.start(data.resolve("kafka"), ports.kafka()));
    String kafka = broker.bootstrap();
    Topics.ensure(kafka, DEVICE_PARTITIONS, (short) 1, KafkaTopic.values());
    Registry registry =
        opened(
            Registry.start(
                new RegistryConfig(
                    HOST,
                    ports.registry(),
                    kafka,
                    1,
                    StorageConfig.local(data.resolve("blobs")),
                    RegistryConfig.LONGEST_BLOB,
                    adminToken,
                    RegistryConfig.Trust.of(trustFolder.path(), trustFolder.key("online"))),
                clock));
    URI registryUrl = url(registry.port());
    delegate(registryUrl, adminToken);
    // The three others do not wait for one another.
    CompletableFuture<Rollouts> rollouts =
        CompletableFuture.supplyAsync(
            () ->
                Rollouts.start(
                    new RolloutConfig(
                        kafka,
                        HOST,
                        ports.rollout(),
                        "rollout-0",
                        data.resolve("rollout"),
                        DEVICE_PARTITIONS,
                        1,
                        1,
                        registryUrl,
                        trust.director(),
                        OperatorSettings.adminOnly(adminToken),
                        RolloutConfig.DEFAULT_TICK,
                        RolloutConfig.DEFAULT_RESEND_AFTER),
                    clock));
    CompletableFuture<Monitoring> monitoring =
        CompletableFuture.supplyAsync(
            () ->
                Monitoring.start(
                    new MonitoringConfig(
                        kafka,
                        HOST,
                        ports.monitoring(),
                        "monitoring-0",
                        data.resolve("monitoring"),
                        DEVICE_PARTITIONS,
                        1,
                        adminToken,
                        MonitoringConfig.Limits.DEFAULT),
                    clock));
    CompletableFuture<Gateway> gateway =
        CompletableFuture.supplyAsync(
            () ->
                Gateway.start(
                    new GatewayConfig(
                        kafka,
                        HOST,
                        ports.mqtt(),
                        ports.gateway(),
                        "gateway-0",
                        IdentitySettings.DEVELOPMENT,
                        OptionalInt.empty(),
                        OptionalInt.empty(),
                        FAST_FLEET,
                        DEVICE_PARTITIONS,
                        1,
                        GatewayConfig.Limits.defaults().alone()),
                    clock));
    CompletableFuture.allOf(rollouts, monitoring, gateway)
        .handle((done, failure) -> failure)
        .join();
    // The gateway last, so that it closes first.
    for (CompletableFuture<? extends AutoCloseable> part : List.of(rollouts, monitoring, gateway)) {
      if (!part.isCompletedExceptionally()) {
        opened(part.join());
      }
    }
    endpoints =
        new Connection.Endpoints(
            registryUrl,
            url(rollouts.join().httpPort()),
            url(monitoring.join().port()),
            url(gateway.join().opsPort()),
            HOST + ":" + gateway.join().mqttPort(),
            kafka,
            adminToken,
            clock.specification());
  }

  /** Says who may publish, unless that was said before. */
  private void delegate(URI registryUrl, String adminToken) {
    try (RegistryClient registry = new RegistryClient(registryUrl, adminToken)) {
      if (registry.metadata("image", TrustedImage.TIMESTAMP).isEmpty()) {
        var _ =
            registry.putMetadata("image", "1.targets.json", trust.firstTargets().bytes(), false);
      }
    }
  }

  /** All keys of this system. */
  public LocalTrust trust() {
    return trust;
  }

  /** Where everything listens. */
  public Connection.Endpoints endpoints() {
    return endpoints;
  }

  /** Stops in the opposite order: devices' messages first, the broker last. */
  @Override
  public void close() {
    while (!started.isEmpty()) {
      AutoCloseable part = started.pop();
      try {
        part.close();
      } catch (Exception e) {
        LOG.warn("{} did not close cleanly", part.getClass().getSimpleName(), e);
      }
    }
  }

  private <T extends AutoCloseable> T opened(T part) {
    started.push(part);
    return part;
  }

  private static URI url(int port) {
    return URI.create("http://" + HOST + ":" + port);
  }
}
