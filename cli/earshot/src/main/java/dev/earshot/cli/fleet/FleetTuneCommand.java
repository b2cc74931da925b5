package dev.earshot.cli.fleet;

import dev.earshot.cli.Connection;
import dev.earshot.cli.UserError;
import dev.earshot.cli.fleet.FieldTradeOff.Point;
import dev.earshot.cli.trust.PublisherOptions;
import dev.earshot.protocol.release.ReleaseRef;
import dev.earshot.protocol.trust.SigningKey;
import dev.earshot.registry.client.RegistryClient;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows the trade-off that a fleet really has, and publishes a release with another threshold. */
@Command(
    name = "tune",
    mixinStandardHelpOptions = true,
    description = {
      "Show what another threshold would give in the field, and publish it as a release.",
      "",
      "From the peak scores that devices report, by what the second stage said of each event."
          + " Above",
      "the running threshold these are estimates with 95 %% intervals (Garwood's for rates,"
          + " Clopper",
      "and Pearson's for shares). Below it nobody verified what would have woken: bounds. Scores"
          + " come",
      "in buckets of 8, so thresholds are the upper edges of buckets, such as 63 or 71.",
      "",
      "A published release has the parent's model and another detector: devices that run the"
          + " parent",
      "fetch its manifest, some 1.1 KB, and are offered it by a rollout like any other."
    })
public final class FleetTuneCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "NAME:VERSION", description = "The release that runs.")
  private String release = "";

  @Option(names = "--fleet", paramLabel = "FLEET", description = "One fleet (default: all).")
  private @Nullable String fleet;

  @ArgGroup private Choice choice = new Choice();

  @Option(
      names = "--publish",
      paramLabel = "VERSION",
      description = "Publish the chosen threshold as this version, and the parent in its lineage.")
  private @Nullable String publish;

  @Mixin private PublisherOptions publisher = new PublisherOptions();

  @Option(names = "--json", description = "Print every threshold as JSON.")
  private boolean json;

  @Mixin private Connection connection = new Connection();

  /** At most one way to choose. */
  static final class Choice {
    @Option(
        names = "--target-fah",
        paramLabel = "X",
        description =
            "Choose the lowest threshold with at most X false accepts for each listening hour over"
                + " the fleet, at the upper end of the interval.")
    private @Nullable Double targetFalseAcceptsPerHour;

    @Option(
        names = "--target-miss",
        paramLabel = "Y",
        description =
            "Choose the highest threshold that misses at most the share Y (0 to 1) of the attempts,"
                + " at the upper end of the interval.")
    private @Nullable Double targetMiss;

    @Option(names = "--threshold", paramLabel = "T", description = "Look at this threshold.")
    private @Nullable Integer threshold;

    Optional<Point> of(FieldTradeOff total) {
      if (targetFalseAcceptsPerHour != null) {
        return Optional.of(total.lowestWithFalseAcceptsAtMost(targetFalseAcceptsPerHour));
      }
      if (targetMiss != null) {
        return Optional.of(total.highestWithMissesAtMost(targetMiss));
      }
      return Optional.ofNullable(threshold).map(total::at);
    }
  }

  @Override
  public Integer call() {
    try (RegistryClient registry = new RegistryClient(connection.registry(), connection.token())) {
      ReleaseRef parent = registry.resolve(release);
      int running = registry.manifest(parent).manifest().detector().thresholdScore();
      FieldTuning tuning =
          FieldTuning.of(
              parent,
              fleet == null ? "all fleets" : "fleet " + fleet,
              running,
              new FieldScoresClient(connection.monitoring(), connection.token())
                  .scores(parent, Optional.ofNullable(fleet)));
      Optional<Point> chosen = choice.of(tuning.total());
      if (json) {
        System.out.println(FieldTuningJson.write(tuning, chosen));
      } else {
        new FieldTuningView(System.out).print(tuning, chosen);
      }
      if (publish != null) {
        publish(registry, tuning, chosen, publish);
      }
    }
    return 0;
  }

  private void publish(
      RegistryClient registry, FieldTuning tuning, Optional<Point> chosen, String version) {
    Point point =
        chosen.orElseThrow(
            () ->
                new UserError(
                    "nothing is chosen to be published. Fix: add --threshold, --target-fah or"
                        + " --target-miss."));
    List<SigningKey> keys = publisher.keys(connection);
    Instant expires = PublisherOptions.fiveYearsFromNow();
    DetectorRelease next =
        DetectorRelease.derive(registry, tuning, point.thresholdScore(), version, keys, expires);
    next.publish(registry);
    var _ = publisher.listing(registry, connection, keys).list(next.signed(), expires);
    if (!json) {
      System.out.printf(
          "%npublished %s  counter %d  %s%n"
              + "devices with %s fetch %d bytes: its manifest; they hold the model already%n"
              + "next: earshot rollout start %s%n",
          next.signed().manifest().release(),
          next.signed().manifest().counter(),
          next.signed().digest(),
          tuning.release(),
          next.signed().bytes().toArray().length,
          next.signed().manifest().release());
    }
  }
}
