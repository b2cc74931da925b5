package dev.earshot.cli.bench;

import dev.earshot.cli.Terminal;
import dev.earshot.cli.UserError;
import dev.earshot.cli.bench.BenchFleetCase.Size;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Measures large simulated fleets against everything, on this machine. */
@Command(
    name = "fleet",
    mixinStandardHelpOptions = true,
    description = {
      "Measure a simulated fleet on this machine, with everything that serves it.",
      "",
      "For each size: broker and services in this process, gateways and devices in processes of",
      "their own. First how many heartbeats a second gateways and Kafka take without devices: the",
      "limit that the fleet's load is compared with. Then every device connects, heartbeats flow",
      "steadily, and a release is rolled out to all in two stages with real downloads. Ends with",
      "whether every acknowledged heartbeat was counted. A size that fails says what stopped it.",
      "",
      "Meant for a quiet machine: everything shares its processors.",
      "Exit code 1: a size was not reached."
    })
public final class BenchFleetCommand implements Callable<Integer> {
  private static final int DEVICES_PER_GATEWAY = 15_000;
  private static final int FEWEST_DEVICES = 100;

  @Option(
      names = {"-c", "--devices"},
      split = ",",
      defaultValue = "10000,30000,60000",
      paramLabel = "N",
      description = "Sizes, one after the other (default: ${DEFAULT-VALUE}).")
  private List<Integer> devices = List.of();

  @Option(
      names = "--gateways",
      defaultValue = "0",
      paramLabel = "N",
      description = "Gateway processes (default: one for each 15,000 devices, at least 2).")
  private int gateways;

  @Option(
      names = {"-R", "--connect-rate"},
      defaultValue = "1000",
      paramLabel = "N",
      description = "Devices that connect in a second (default: ${DEFAULT-VALUE}).")
  private int connectRate;

  @Option(
      names = {"-I", "--interval"},
      defaultValue = "60",
      paramLabel = "SECONDS",
      description = "Heartbeat interval (default: ${DEFAULT-VALUE}).")
  private int interval;

  @Option(
      names = "--steady",
      defaultValue = "60",
      paramLabel = "SECONDS",
      description = "How long the steady load is measured (default: ${DEFAULT-VALUE}).")
  private int steady;

  @Option(
      names = "--flood",
      defaultValue = "10",
      paramLabel = "SECONDS",
      description = "How long the limit is measured (default: ${DEFAULT-VALUE}).")
  private int flood;

  @Override
  public Integer call() throws IOException, InterruptedException {
    requireAtLeast("--gateways", gateways, 0);
    requireAtLeast("--connect-rate", connectRate, 1);
    requireAtLeast("--interval", interval, 1);
    requireAtLeast("--steady", steady, 1);
    requireAtLeast("--flood", flood, 1);
    devices.forEach(each -> requireAtLeast("--devices", each, FEWEST_DEVICES));
    Terminal terminal = Terminal.standard();
    List<String> headings = new ArrayList<>();
    List<BenchResult> results = new ArrayList<>();
    List<String> broken = new ArrayList<>();
    for (int each : devices) {
      terminal.line("%,d devices".formatted(each));
      headings.add("%,d".formatted(each));
      results.add(measure(size(each), terminal, broken));
      if (!broken.isEmpty()) {
        break; // a larger one would only break sooner
      }
    }
    terminal.line("");
    BenchResult.table(headings, results).forEach(terminal::line);
    broken.forEach(terminal::line);
    return broken.isEmpty() ? 0 : 1;
  }

  private BenchResult measure(Size size, Terminal terminal, List<String> broken)
      throws IOException, InterruptedException {
    try (BenchFolder folder = BenchFolder.create()) {
      BenchFleetCase one =
          new BenchFleetCase(size, folder.path(), what -> terminal.line("  " + what));
      try {
        one.run();
      } catch (BrokenFleet e) {
        broken.add("%,d devices stopped at %s".formatted(size.devices(), e.getMessage()));
        terminal.line("  " + broken.getLast());
      }
      return one.result();
    }
  }

  private Size size(int count) {
    int processes = gateways > 0 ? gateways : Math.max(2, Math.ceilDiv(count, DEVICES_PER_GATEWAY));
    return new Size(
        count,
        processes,
        connectRate,
        Duration.ofSeconds(interval),
        Duration.ofSeconds(steady),
        Duration.ofSeconds(flood));
  }

  private static void requireAtLeast(String option, int value, int least) {
    if (value < least) {
      throw new UserError(option + ": " + value + " (expected: at least " + least + ")");
    }
  }
}
