package dev.earshot.cli.model;

import dev.earshot.cli.Connection;
import dev.earshot.protocol.release.ReleaseRef;
import dev.earshot.registry.client.RegistryClient;
import dev.earshot.registry.release.ReleaseView;
import java.io.PrintStream;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Shows one release with what it was measured to do. */
@Command(
    name = "show",
    mixinStandardHelpOptions = true,
    description = "Show a release: its files, detector, signatures and evaluation.")
public final class ModelShowCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "NAME:VERSION", description = "The release.")
  private String release = "";

  @Mixin private Connection connection = new Connection();

  @Override
  public Integer call() {
    try (RegistryClient registry = new RegistryClient(connection.registry(), "")) {
      print(registry.get(ReleaseRef.parse(release)));
    }
    return 0;
  }

  private static void print(ReleaseView release) {
    PrintStream out = System.out;
    out.println(release.release() + "  " + release.description());
    out.println("status     " + release.status() + ", counter " + release.counter());
    out.println("digest     " + release.manifestDigest());
    out.println("published  " + release.publishedAt() + ", expires " + release.expires());
    out.println("chips      " + String.join(", ", release.chips()));
    out.println("signed by  " + String.join(", ", release.signedBy()));
    out.printf(
        "detector   score > %d, smoothed over %d frames, refractory %d ms%n",
        release.detector().thresholdScore(),
        release.detector().smoothingFrames(),
        release.detector().refractoryMillis());
    out.printf(
        Locale.ROOT,
        "model      %,d bytes %s%n",
        release.files().model().length(),
        release.files().model().digest());
    ReleaseView.Summary evaluation = release.evaluation();
    if (evaluation == null) {
      return;
    }
    out.printf(
        Locale.ROOT,
        "cost       %,d MACs, %,d parameters, %,d bytes; modelled on the chip: %.1f uJ and %.2f ms an"
            + " inference%n%n",
        evaluation.multiplyAccumulates(),
        evaluation.parameters(),
        evaluation.memoryBytes(),
        evaluation.energyPerInferenceMicrojoules(),
        evaluation.inferenceMicros() / 1000);
    out.println("evaluated on " + evaluation.corpus());
    out.printf("  %-10s %8s %10s %8s %10s%n", "WHERE", "FA/h", "hours", "FRR", "attempts");
    for (ReleaseView.EnvironmentSummary row : evaluation.environments()) {
      out.printf(
          Locale.ROOT,
          "  %-10s %8.2f %10.1f %7.1f%% %10d%n",
          row.environment(),
          row.falseAcceptsPerHour(),
          row.exposureHours(),
          100 * row.falseRejectRate(),
          row.wakeAttempts());
    }
  }
}
