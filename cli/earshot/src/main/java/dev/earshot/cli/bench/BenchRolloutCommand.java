package dev.earshot.cli.bench;

import dev.earshot.cli.Terminal;
import dev.earshot.cli.UserError;
import dev.earshot.cli.bench.BenchProcess.Resources;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Measures the rollout's topology against a real broker, at two sizes and two partition counts. */
@Command(
    name = "rollout",
    mixinStandardHelpOptions = true,
    description = {
      "Measure the rollout engine with many devices, against a real broker on this machine.",
      "",
      "Takes in the births and one heartbeat of every device, starts a rollout over all of them,",
      "and begins its second stage. Does so with a tenth of the devices, with all, and with all",
      "on a quarter of the partitions, so that growth can be seen. Beside it two peers move the",
      "same heartbeats: a plain copy, and a Streams topology that only stores them.",
      "",
      "Needs about 4 GB of disk per million devices, in the temporary folder, until it ends."
    })
public final class BenchRolloutCommand implements Callable<Integer> {
  private static final int MIN_DEVICES = 1_000;

  @Option(
      names = "--devices",
      defaultValue = "1000000",
      paramLabel = "N",
      description = "Devices (default: ${DEFAULT-VALUE}).")
  private int devices;

  @Option(
      names = "--partitions",
      defaultValue = "8",
      paramLabel = "N",
      description = "Partitions of the device topics (default: ${DEFAULT-VALUE}).")
  private int partitions;

  @Option(
      names = "--threads",
      defaultValue = "2",
      paramLabel = "N",
      description = "Threads of the topology (default: ${DEFAULT-VALUE}).")
  private int threads;

  @Option(
      names = "--heap",
      defaultValue = "1g",
      paramLabel = "SIZE",
      description = "Highest heap of the measured process (default: ${DEFAULT-VALUE}).")
  private String heap = "1g";

  @Option(
      names = "--single",
      description = "Only this many devices on this many partitions; no growth.")
  private boolean single;

  private record Size(int devices, int partitions) {
    String heading() {
      return "%,d/%d".formatted(devices, partitions);
    }
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    requireAtLeast("--devices", devices, MIN_DEVICES);
    requireAtLeast("--partitions", partitions, 1);
    requireAtLeast("--threads", threads, 1);
    Terminal terminal = Terminal.standard();
    List<BenchResult> results = new ArrayList<>();
    for (Size size : sizes()) {
      terminal.line(
          "%,d devices on %d partitions, %d threads"
              .formatted(size.devices(), size.partitions(), threads));
      results.add(measure(size, terminal));
    }
    terminal.line("");
    BenchResult.table(sizes().stream().map(Size::heading).toList(), results)
        .forEach(terminal::line);
    return 0;
  }

  private BenchResult measure(Size size, Terminal terminal)
      throws IOException, InterruptedException {
    try (BenchFolder folder = BenchFolder.create()) {
      return new BenchCase(
              size.devices(),
              new Resources(size.partitions(), threads, heap),
              folder.path(),
              what -> terminal.line("  " + what))
          .run();
    }
  }

  private List<Size> sizes() {
    Size whole = new Size(devices, partitions);
    return single
        ? List.of(whole)
        : List.of(
            new Size(devices / 10, partitions),
            whole,
            new Size(devices, Math.max(1, partitions / 4)));
  }

  private static void requireAtLeast(String option, int value, int least) {
    if (value < least) {
      throw new UserError(option + ": " + value + " (expected: at least " + least + ")");
    }
  }
}
