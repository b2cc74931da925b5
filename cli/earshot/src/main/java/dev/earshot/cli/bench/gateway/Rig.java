package dev.earshot.cli.bench.gateway;

import dev.earshot.cli.bench.BenchFolder;
import dev.earshot.cli.bench.BenchProcess;
import dev.earshot.cli.bench.GatewayProcess;
import dev.earshot.protocol.KafkaTopic;
import dev.earshot.service.Topics;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A broker in a process of its own, and how to start everything else against it. */
final class Rig implements AutoCloseable {
  private static final List<String> SMALL =
      List.of("-Xms256m", "-Xmx768m", "-XX:+UseParallelGC", "-XX:+ExitOnOutOfMemoryError");

  /** Settings under which nothing but Kafka holds a gateway back, though every limit is on. */
  static final Map<String, String> WIDE_LIMITS =
      Map.of("EARSHOT_MAX_IN_FLIGHT_MESSAGES", "20000");

  private final Setup setup;
  private final BenchFolder folder;
  private final BenchProcess broker;
  private final String kafka;

  private Rig(Setup setup, BenchFolder folder, BenchProcess broker, String kafka) {
    this.setup = setup;
    this.folder = folder;
    this.broker = broker;
    this.kafka = kafka;
  }

  /** Starts the broker. */
  static Rig start(Setup setup) throws IOException {
    BenchFolder folder = BenchFolder.create();
    try {
      BenchTokens.generate(folder.path());
      BenchProcess broker =
          BenchProcess.start(
              "broker",
              folder.path(),
              BrokerMain.class,
              List.of("-Xms1g", "-Xmx1g", "-XX:+UseParallelGC"),
              List.of(folder.path().resolve("kafka").toString()));
      String kafka = broker.ask("bootstrap")[0];
      Topics.ensure(
          kafka,
          setup.partitions(),
          (short) 1,
          KafkaTopic.HEARTBEAT,
          KafkaTopic.STATUS,
          KafkaTopic.SESSION,
          KafkaTopic.COMMAND,
          KafkaTopic.REJECTED);
      return new Rig(setup, folder, broker, kafka);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK lacks ES256", e);
    }
  }

  Setup setup() {
    return setup;
  }

  Path folder() {
    return folder.path();
  }

  BenchProcess broker() {
    return broker;
  }

  /**
   * Starts a gateway that devices can connect to with tokens.
   *
   * @param settings that only this one has
   */
  GatewayProcess gateway(String name, Map<String, String> settings)
      throws IOException, InterruptedException {
    Map<String, String> all = new HashMap<>(BenchTokens.gateway(folder.path()));
    all.put("EARSHOT_KAFKA", kafka);
    all.put("EARSHOT_DEVICE_PARTITIONS", Integer.toString(setup.partitions()));
    all.putAll(settings);
    all.putAll(setup.gateway());
    GatewayProcess gateway =
        GatewayProcess.start(name, folder.path(), setup.javaOptions(), all);
    try {
      gateway.awaitReady();
    } catch (IOException | InterruptedException | RuntimeException e) {
      gateway.close();
      throw e;
    }
    return gateway;
  }

  /** Starts the process that makes MQTT load. */
  BenchProcess load() throws IOException {
    return BenchProcess.start(
        "load", folder.path(), LoadMain.class, SMALL, List.of(folder.path().toString()));
  }

  /** Starts the raw producer. */
  BenchProcess raw() throws IOException {
    return BenchProcess.start(
        "raw",
        folder.path(),
        RawMain.class,
        SMALL,
        List.of(kafka, progress(), Integer.toString(setup.lingerMillis())));
  }

  /** Starts the process that burns a generator's cost beside the raw producer. */
  BenchProcess burner() throws IOException {
    return BenchProcess.start(
        "burner", folder.path(), BurnerMain.class, SMALL, List.of(progress()));
  }

  /** Starts the process whose devices hold connections. */
  BenchProcess fleet(boolean secure) throws IOException {
    return BenchProcess.start(
        "fleet",
        folder.path(),
        FleetMain.class,
        List.of("-Xms256m", "-Xmx4g", "-XX:+UseParallelGC", "-XX:+ExitOnOutOfMemoryError"),
        List.of(folder.path().toString(), secure ? "tls" : "plain"));
  }

  private String progress() {
    return folder.path().resolve("progress").toString();
  }

  @Override
  public void close() throws IOException {
    try (folder) {
      broker.close();
    }
  }
}
