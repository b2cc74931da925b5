package dev.earshot.registry;

import dev.earshot.protocol.KafkaTopic;
import dev.earshot.protocol.trust.ImageRepository;
import dev.earshot.registry.blob.BlobStore;
import dev.earshot.registry.gc.GarbageCollector;
import dev.earshot.registry.gc.GcMetrics;
import dev.earshot.registry.gc.GcSchedule;
import dev.earshot.registry.http.RegistryRouter;
import dev.earshot.registry.release.Publishing;
import dev.earshot.registry.release.ReleaseGate;
import dev.earshot.registry.stream.KafkaLedger;
import dev.earshot.registry.trust.TrustPlane;
import dev.earshot.service.StartException;
import dev.earshot.service.Topics;
import io.prometheus.client.CollectorRegistry;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running model registry. Several may run against the same Kafka and the same blob store. */
public final class Registry implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Registry.class);
  private static final long STOP_SECONDS = 10;

  /**
   * How often it is looked whether snapshot and timestamp are to be signed anew, real time. A
   * fleet's clock may run a thousand times faster: half a week is then five minutes.
   */
  private static final long RENEW_MILLIS = 5_000;

  /**
   * A connection on which nothing moved for so long is closed. Sending one blob counts as one
   * movement, so this is also the longest that one download may take; a slower device resumes by
   * Range.
   */
  private static final int IDLE_SECONDS = 600;

  /** Bytes of a body that are handled at once; each piece costs a change of threads. */
  private static final int BODY_PIECE = 64 * 1024;

  /** What was started, last first. */
  private final Deque<AutoCloseable> parts;

  private final int port;

  private Registry(Deque<AutoCloseable> parts, int port) {
    this.parts = parts;
    this.port = port;
  }

  /**
   * Starts a registry and returns when it listens and has read every release.
   *
   * @param clock the fleet's: publishing times and expiry are told by it
   * @throws StartException with one clear line, when the port, the directory or Kafka can't be
   *     used; nothing is left running
   */
  public static Registry start(RegistryConfig config, InstantSource clock) {
    warn(config);
    Deque<AutoCloseable> parts = new ArrayDeque<>();
    try {
      BlobStore blobs = openBlobs(config);
      parts.push(blobs);
      Topics.ensure(
          config.kafka(), 1, (short) config.replication(), KafkaTopic.RELEASE, KafkaTopic.REGISTRY);
      KafkaLedger ledger =
          KafkaLedger.start(config.kafka(), "earshot-registry", TrustSettings.initial(config));
      parts.push(ledger);
      TrustPlane trust =
          new TrustPlane(
              ledger, TrustSettings.online(config), clock, ImageRepository.Validity.DEFAULT);
      Vertx vertx = vertx();
      parts.push(() -> await(vertx.close()));
      ReleaseGate gate = new ReleaseGate(blobs, ledger::state, clock);
      CollectorRegistry metrics = new CollectorRegistry();
      GarbageCollector collector =
          new GarbageCollector(
              blobs,
              () -> {
                ledger.awaitCaughtUp();
                return ledger.state().catalog();
              },
              config.storage().gcGrace(),
              new GcMetrics(metrics));
      Handler<HttpServerRequest> requests =
          RegistryRouter.create(
              vertx,
              blobs,
              collector,
              new Publishing(gate, ledger, clock),
              ledger,
              trust,
              metrics,
              config.adminToken());
      HttpServer server = listen(vertx, requests, config);
      parts.push(() -> await(server.close()));
      ledger.awaitCaughtUp();
      renewInTime(vertx, trust);
      parts.push(GcSchedule.start(collector, config.storage().gcInterval()));
      LOG.info("The registry listens on {}:{}", config.host(), server.actualPort());
      return new Registry(parts, server.actualPort());
    } catch (RuntimeException e) {
      close(parts);
      throw new StartException(e.getMessage(), e);
    }
  }

  /** At once, because all registries may have been down for long, and from then on in time. */
  private static void renewInTime(Vertx vertx, TrustPlane trust) {
    renew(trust);
    vertx.setPeriodic(
        RENEW_MILLIS,
        timer -> {
          var _ = vertx.executeBlocking(() -> renew(trust), false);
        });
  }

  private static boolean renew(TrustPlane trust) {
    try {
      return trust.renew();
    } catch (RuntimeException e) {
      LOG.warn("Snapshot and timestamp could not be signed anew; trying again: {}", e.toString());
      return false;
    }
  }

  /** The port that it listens on. */
  public int port() {
    return port;
  }

  private static void warn(RegistryConfig config) {
    if (config.trust().directory().isEmpty()) {
      LOG.warn("EARSHOT_TRUST_DIR is not set: no release will be accepted");
    }
    if (config.adminToken().isEmpty()) {
      LOG.warn("EARSHOT_ADMIN_TOKEN is not set: nothing can be uploaded or published");
    }
  }

  private static BlobStore openBlobs(RegistryConfig config) {
    try {
      return config.storage().open(config.longestBlob());
    } catch (IOException e) {
      throw new IllegalStateException(
          "registry: the blob store can't be used: " + e.getMessage(), e);
    }
  }

  /**
   * No class path lookups and no cache directory: files are served by their absolute paths only.
   */
  private static Vertx vertx() {
    return Vertx.vertx(
        new VertxOptions()
            .setPreferNativeTransport(true)
            .setFileSystemOptions(
                new FileSystemOptions()
                    .setFileCachingEnabled(false)
                    .setClassPathResolvingEnabled(false)));
  }

  private static HttpServer listen(
      Vertx vertx, Handler<HttpServerRequest> requests, RegistryConfig config) {
    HttpServerOptions options =
        new HttpServerOptions()
            .setHost(config.host())
            .setPort(config.port())
            .setHandle100ContinueAutomatically(true)
            .setMaxChunkSize(BODY_PIECE)
            .setIdleTimeout(IDLE_SECONDS);
    try {
      return await(vertx.createHttpServer(options).requestHandler(requests).listen());
    } catch (IllegalStateException e) {
      throw new IllegalStateException(
          "registry: can't listen on %s:%d: %s (fix: set EARSHOT_HTTP_PORT)"
              .formatted(config.host(), config.port(), e.getMessage()),
          e);
    }
  }

  /** Vert.x throws the failure itself, also a checked one that it does not declare. */
  private static <T> T await(Future<T> future) {
    try {
      return future.await(STOP_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new IllegalStateException("not done within " + STOP_SECONDS + " s", e);
    } catch (Exception e) {
      throw new IllegalStateException(e.getMessage(), e);
    }
  }

  private static void close(Deque<AutoCloseable> parts) {
    while (!parts.isEmpty()) {
      try {
        parts.pop().close();
      } catch (Exception e) {
        LOG.warn("While closing the registry: {}", e.toString());
      }
    }
  }

  /** Stops listening, ends what is under way, lets go of Kafka. */
  @Override
  public void close() {
    close(parts);
  }
}
