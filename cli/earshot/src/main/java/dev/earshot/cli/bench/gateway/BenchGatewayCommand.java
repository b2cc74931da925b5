package dev.earshot.cli.bench.gateway;

import dev.earshot.cli.Terminal;
import dev.earshot.cli.UserError;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Measures the gateway beside what bounds it. */
@Command(
    name = "gateway",
    mixinStandardHelpOptions = true,
    description = {
      "Measure the gateway on this machine, beside a raw Kafka producer and mosquitto.",
      "",
      "Broker, gateway, raw producer, mosquitto and load generator are processes of their own; only",
      "one of the compared ones works at a time, and their turns are interleaved in rounds. Ratios",
      "are the median of each round's ratio. The gateway has everything on: devices show tokens,",
      "limits are on but wide, every payload (a heartbeat of 200 bytes) is decoded and checked.",
      "",
      "  throughput  QoS 1 publishes, acknowledged once Kafka has them (acks=all). The raw producer",
      "              sends the same records with as many in flight as the connections have in all:",
      "              once alone, and once beside a process that burns, for each record, the",
      "              processor time that the generator was just measured to use for a message. That",
      "              one is what the gateway is held to: it has to share the machine too.",
      "              Mosquitto stores nothing. CPU is user and system time of the whole process.",
      "  latency     from the intended time of sending to the PUBACK, at a steady rate of half the",
      "              gateway's throughput whatever the answers do; sending is up to 0.1 ms late.",
      "  idle        memory of a connection that sends nothing, and how fast they are accepted.",
      "  storm       all devices lose the gateway (SIGKILL) and come back.",
      "  scale-out   two gateways beside one; with few processors there is little to gain.",
      "",
      "Meant for a quiet machine: everything shares its processors. For a quick comparison:",
      "  earshot bench gateway --only throughput --in-flight 10 --rounds 1",
      "Exit code 1: a ratio is not what it should be, or something broke."
    })
public final class BenchGatewayCommand implements Callable<Integer> {
  @Option(
      names = "--only",
      split = ",",
      paramLabel = "PART",
      description = "Only these of throughput, latency, idle, storm, scale-out.")
  private List<Part> only = List.of();

  @Option(
      names = {"-c", "--connections"},
      defaultValue = "1000",
      paramLabel = "N",
      description = "Connections of throughput, latency and scale-out (default: ${DEFAULT-VALUE}).")
  private int connections;

  @Option(
      names = "--in-flight",
      split = ",",
      defaultValue = "10,1",
      paramLabel = "N",
      description =
          "Messages in flight on each connection, one load after the other; latency and scale-out"
              + " take the first (default: ${DEFAULT-VALUE}).")
  private List<Integer> inFlight = List.of();

  @Option(
      names = "--rounds",
      defaultValue = "5",
      paramLabel = "N",
      description = "Rounds of throughput and scale-out (default: ${DEFAULT-VALUE}).")
  private int rounds;

  @Option(
      names = "--seconds",
      defaultValue = "5",
      paramLabel = "N",
      description = "Of each measurement (default: ${DEFAULT-VALUE}).")
  private int seconds;

  @Option(
      names = "--warmup",
      defaultValue = "10",
      paramLabel = "SECONDS",
      description =
          "Load on each process before its first measurement (default: ${DEFAULT-VALUE}).")
  private int warmUp;

  @Option(
      names = "--idle-connections",
      defaultValue = "15000",
      paramLabel = "N",
      description = "Connections of idle and storm (default: ${DEFAULT-VALUE}).")
  private int idleConnections;

  @Option(
      names = "--partitions",
      defaultValue = "8",
      paramLabel = "N",
      description = "Partitions of the device topics (default: ${DEFAULT-VALUE}).")
  private int partitions;

  @Option(
      names = "--peers",
      split = ",",
      defaultValue = "raw,burdened,mosquitto",
      paramLabel = "PEER",
      description =
          "What is measured beside the gateway; burdened is the raw producer beside the"
              + " generator's cost (default: ${DEFAULT-VALUE}).")
  private List<Subject> peers = List.of();

  @Option(
      names = "--linger",
      defaultValue = "5",
      paramLabel = "MS",
      description = "linger.ms of the raw producer (default: ${DEFAULT-VALUE}).")
  private int linger;

  @Option(
      names = "--gateway-java",
      defaultValue = "-XX:+UseParallelGC -Xmx1g",
      paramLabel = "OPTIONS",
      description = "Of the gateway's JVM (default: ${DEFAULT-VALUE}).")
  private String gatewayJava = "";

  @Option(
      names = "--gateway-setting",
      paramLabel = "KEY=VALUE",
      description = "A setting of the gateway (EARSHOT_...) that differs; may be repeated.")
  private Map<String, String> gatewaySettings = new LinkedHashMap<>();

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "Write all figures there too.")
  private @Nullable Path json;

  @Override
  public Integer call() throws IOException, InterruptedException {
    check();
    Setup setup =
        new Setup(
            connections,
            rounds,
            seconds,
            warmUp,
            partitions,
            linger,
            List.of(gatewayJava.strip().split(" +")),
            gatewaySettings);
    GatewayReport report = new GatewayReport(Terminal.standard(), setup);
    Collection<Part> parts = only.isEmpty() ? EnumSet.allOf(Part.class) : only;
    try (Rig rig = Rig.start(setup)) {
      if (parts.contains(Part.THROUGHPUT) || parts.contains(Part.LATENCY)) {
        contest(rig, parts, report);
      }
      if (parts.contains(Part.IDLE)) {
        report.add(new IdleBench(rig, idleConnections, report::progress).run());
      }
      if (parts.contains(Part.STORM)) {
        report.add(new StormBench(rig, idleConnections, report::progress).run());
      }
      if (parts.contains(Part.SCALE_OUT)) {
        report.add(new ScaleOutBench(rig, loads().getFirst(), report::progress).run());
      }
    }
    if (json != null) {
      report.write(json);
    }
    return report.missed() ? 1 : 0;
  }

  /** Latency needs to know the throughput: without that part, one round of the gateway alone. */
  private void contest(Rig rig, Collection<Part> parts, GatewayReport report)
      throws IOException, InterruptedException {
    EnumSet<Subject> beside = EnumSet.noneOf(Subject.class);
    beside.addAll(peers);
    try (Contest contest = new Contest(rig, beside, report::progress)) {
      double throughput;
      if (parts.contains(Part.THROUGHPUT)) {
        List<ThroughputResult> results =
            new ThroughputBench(contest, rig.setup(), report::progress).run(loads());
        results.forEach(each -> report.add(each.section(rig.setup())));
        throughput = results.getFirst().perSecond(Subject.GATEWAY);
      } else {
        throughput =
            contest
                .saturated(Subject.GATEWAY, loads().getFirst(), warmUp, seconds, 0)
                .perSecond();
      }
      if (parts.contains(Part.LATENCY)) {
        report.add(new LatencyBench(contest, rig.setup(), report::progress).run(throughput));
      }
    }
  }

  private List<ConnectionLoad> loads() {
    List<ConnectionLoad> loads = new ArrayList<>();
    inFlight.forEach(each -> loads.add(new ConnectionLoad(connections, each)));
    return loads;
  }

  private void check() {
    requireAtLeast("--connections", connections, 1);
    requireAtLeast("--rounds", rounds, 1);
    requireAtLeast("--seconds", seconds, 1);
    requireAtLeast("--warmup", warmUp, 0);
    requireAtLeast("--idle-connections", idleConnections, 2);
    requireAtLeast("--partitions", partitions, 1);
    requireAtLeast("--linger", linger, 0);
    inFlight.forEach(each -> requireAtLeast("--in-flight", each, 1));
  }

  private static void requireAtLeast(String option, int value, int least) {
    if (value < least) {
      throw new UserError(option + ": " + value + " (expected: at least " + least + ")");
    }
  }
}
