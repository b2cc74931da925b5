package dev.earshot.broker;

import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicBoolean;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.utils.Time;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One Kafka node in this process, reachable from this machine only. What a producer with acks=all
 * was told is stored survives {@link #close()}, and the end of the process in any other way; a
 * power cut may take what the operating system had not written yet.
 *
 * <p>Its threads are not daemons: a process that starts one must close it to end. When its disk
 * fails while it runs, Kafka ends the process; one line on the standard error says so.
 */
public final class EmbeddedBroker implements AutoCloseable {
  static final int NODE_ID = 1;
  static final String CONTROLLER_LISTENER = "CONTROLLER";

  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedBroker.class);

  private final DataFolder folder;
  private final KafkaRaftServer server;
  private final int port;
  private final AtomicBoolean closed = new AtomicBoolean();

  private EmbeddedBroker(DataFolder folder, KafkaRaftServer server, int port) {
    this.folder = folder;
    this.server = server;
    this.port = port;
  }

  /**
   * Starts the node and returns when it takes requests, usually after two to three seconds.
   *
   * @param dataDir where the data is kept; created when missing, continued when not
   * @param port where to listen, 0 for any free port
   * @throws PortInUseException when that port is taken
   * @throws BrokerStartException when the folder can't be used, or Kafka does not start
   */
  public static EmbeddedBroker start(Path dataDir, int port) {
    return start(dataDir, port, Map.of());
  }

  /**
   * The same, with settings of Kafka's own that differ from what is good for an all-in-one.
   *
   * @param settings by Kafka's names, such as {@code log.retention.bytes}
   */
  public static EmbeddedBroker start(Path dataDir, int port, Map<String, String> settings) {
    long startedNanos = System.nanoTime();
    int clientPort = LoopbackPort.choose(port);
    int controllerPort = LoopbackPort.choose(0);
    DataFolder folder = DataFolder.open(dataDir.toAbsolutePath().normalize());
    KafkaRaftServer server = null;
    try {
      FatalExit.install();
      Properties properties = properties(folder.log(), clientPort, controllerPort);
      properties.putAll(settings);
      KafkaConfig config = KafkaConfig.fromProps(properties, false);
      KafkaRaftServer created = new KafkaRaftServer(config, Time.SYSTEM);
      server = created;
      FatalExit.throwingDuring(created::startup);
      LOG.info(
          "Kafka listens on {}:{}, data in {} (started in {} ms)",
          LoopbackPort.HOST,
          clientPort,
          dataDir,
          (System.nanoTime() - startedNanos) / 1_000_000);
      return new EmbeddedBroker(folder, created, clientPort);
    } catch (RuntimeException e) {
      stopHalfStarted(server, e);
      folder.close();
      throw e instanceof BrokerStartException known
          ? known
          : new BrokerStartException("Kafka did not start: " + e.getMessage(), e);
    }
  }

  private static void stopHalfStarted(@Nullable KafkaRaftServer server, RuntimeException reason) {
    if (server != null) {
      try {
        server.shutdown();
      } catch (RuntimeException e) {
        reason.addSuppressed(e);
      }
    }
  }

  /** What clients connect to: {@code 127.0.0.1:port}. */
  public String bootstrap() {
    return LoopbackPort.HOST + ":" + port;
  }

  /** The port that clients connect to. */
  public int port() {
    return port;
  }

  /** Stops the node in order; returns when its data is written and its threads have ended. */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      server.shutdown();
      server.awaitShutdown();
      folder.close();
    }
  }

  private static Properties properties(Path log, int clientPort, int controllerPort) {
    Properties properties = new Properties();
    listeners(properties, clientPort, controllerPort);
    oneNode(properties);
    smallFootprint(properties);
    properties.put("log.dirs", log.toString());
    properties.put("auto.create.topics.enable", "false");
    // Record timestamps may be a fleet's clock, which can run ahead of this machine's.
    properties.put("log.message.timestamp.after.max.ms", String.valueOf(Long.MAX_VALUE));
    properties.put("log.message.timestamp.before.max.ms", String.valueOf(Long.MAX_VALUE));
    return properties;
  }

  private static void listeners(Properties properties, int clientPort, int controllerPort) {
    String clients = "PLAINTEXT://" + LoopbackPort.HOST + ":" + clientPort;
    String controller = LoopbackPort.HOST + ":" + controllerPort;
    properties.put("process.roles", "broker,controller");
    properties.put("node.id", String.valueOf(NODE_ID));
    properties.put("listeners", clients + "," + CONTROLLER_LISTENER + "://" + controller);
    properties.put("advertised.listeners", clients);
    properties.put("controller.listener.names", CONTROLLER_LISTENER);
    properties.put("inter.broker.listener.name", "PLAINTEXT");
    properties.put(
        "listener.security.protocol.map",
        "PLAINTEXT:PLAINTEXT," + CONTROLLER_LISTENER + ":PLAINTEXT");
    // Static voters are read from here, not from the log: the controller may move its port.
    properties.put("controller.quorum.voters", NODE_ID + "@" + controller);
  }

  private static void oneNode(Properties properties) {
    properties.put("default.replication.factor", "1");
    properties.put("min.insync.replicas", "1");
    properties.put("offsets.topic.replication.factor", "1");
    properties.put("offsets.topic.num.partitions", "4");
    properties.put("transaction.state.log.replication.factor", "1");
    properties.put("transaction.state.log.min.isr", "1");
    properties.put("transaction.state.log.num.partitions", "4");
    properties.put("share.coordinator.state.topic.replication.factor", "1");
    properties.put("share.coordinator.state.topic.min.isr", "1");
    properties.put("share.coordinator.state.topic.num.partitions", "4");
    // Nobody else will join: a group need not wait for latecomers.
    properties.put("group.initial.rebalance.delay.ms", "0");
    // After a kill the controller waits for the killed node's session to end before it takes the
    // new one; Kafka's 9 s are for nodes that talk over a network.
    properties.put("broker.session.timeout.ms", "3000");
    properties.put("broker.heartbeat.interval.ms", "500");
  }

  /** Kafka's defaults are for a machine of its own. */
  private static void smallFootprint(Properties properties) {
    properties.put("log.segment.bytes", String.valueOf(256 << 20));
    // Index files are made at this size: an entry of 8 or 12 bytes for each 4 KiB of segment.
    properties.put("log.index.size.max.bytes", String.valueOf(1 << 20));
    // Allocated at start; Kafka's default is 128 MiB.
    properties.put("log.cleaner.dedupe.buffer.size", String.valueOf(8 << 20));
    properties.put("log.cleaner.io.buffer.size", String.valueOf(256 << 10));
    properties.put("num.network.threads", "2");
    properties.put("num.io.threads", "4");
    properties.put("background.threads", "2");
    properties.put("num.recovery.threads.per.data.dir", "1");
  }
}
