package dev.earshot.cli.bench.gateway;

import dev.earshot.cli.Terminal;
import dev.earshot.cli.UserError;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Measures the gateway beside what bounds it. */
@Command(
    name = "gateway",
    mixinStandardHelpOptions = true,
    description = "Measure the gateway beside a raw Kafka producer and mosquitto.")
public final class BenchGatewayCommand implements Callable<Integer> {
  @Option(names = "--connections", defaultValue = "1000", paramLabel = "N", description = "Connections of throughput and latency (default: ${DEFAULT-VALUE}).")
  private int connections;

  @Option(names = "--in-flight", split = ",", defaultValue = "10,1", paramLabel = "N", description = "Messages in flight on each (default: ${DEFAULT-VALUE}).")
  private List<Integer> inFlight = List.of();

  @Option(names = "--rounds", defaultValue = "5", paramLabel = "N", description = "Rounds (default: ${DEFAULT-VALUE}).")
  private int rounds;

  @Option(names = "--seconds", defaultValue = "5", paramLabel = "N", description = "Seconds (default: ${DEFAULT-VALUE}).")
  private int seconds;

  @Option(names = "--warmup", defaultValue = "8", paramLabel = "N", description = "Seconds before first (default: ${DEFAULT-VALUE}).")
  private int warmUp;

  @Option(names = "--partitions", defaultValue = "8", paramLabel = "N", description = "Partitions (default: ${DEFAULT-VALUE}).")
  private int partitions;

  @Option(names = "--linger", defaultValue = "5", paramLabel = "MS", description = "Linger of the raw producer (default: ${DEFAULT-VALUE}).")
  private int linger;

  @Option(names = "--peers", split = ",", defaultValue = "raw,burdened,mosquitto", paramLabel = "PEER", description = "(default: ${DEFAULT-VALUE}).")
  private List<Subject> peers = List.of();

  @Option(names = "--gateway-java", defaultValue = "-XX:+UseParallelGC -Xmx1g", paramLabel = "OPTIONS", description = "(default: ${DEFAULT-VALUE}).")
  private String gatewayJava = "";

  @Option(names = "--gateway-setting", paramLabel = "KEY=VALUE", description = "A setting of the gateway (EARSHOT_...).")
  private Map<String, String> gatewaySettings = new LinkedHashMap<>();

  @Override
  public Integer call() throws IOException, InterruptedException {
    Setup setup =
        new Setup(connections, rounds, seconds, warmUp, partitions, linger, List.of(gatewayJava.split(" +")), gatewaySettings);
    Terminal terminal = Terminal.standard();
    boolean missed = false;
    try (Rig rig = Rig.start(setup)) {
      Set<Subject> beside = EnumSet.noneOf(Subject.class);
      beside.addAll(peers);
      List<ConnectionLoad> loads = new ArrayList<>();
      inFlight.forEach(each -> loads.add(new ConnectionLoad(connections, each)));
      try (ThroughputBench bench = new ThroughputBench(rig, beside, what -> terminal.line("  " + what))) {
        for (ThroughputBench.Result each : bench.run(loads)) {
          terminal.line("throughput, " + each.load());
          ThroughputReport.lines(each).forEach(terminal::line);
          missed |= ThroughputReport.goals(each).stream().anyMatch(Goal::missed);
        }
      }
    }
    return missed ? 1 : 0;
  }
}
