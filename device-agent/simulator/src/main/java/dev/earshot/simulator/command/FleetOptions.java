package dev.earshot.simulator.command;

import dev.earshot.protocol.release.ReleaseRef;
import dev.earshot.simulator.scenario.Fault;
import dev.earshot.simulator.scenario.Scenario;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** The fleet that flags can describe: one group of devices, and a few faults. */
final class FleetOptions {
  private static final int MILLIS_PER_SECOND = 1000;
  private static final int DEFAULT_CONNECT_RATE = 200;

  @Option(
      names = {"-c", "--devices", "--count"},
      paramLabel = "N",
      defaultValue = "500",
      description = "How many devices (default: ${DEFAULT-VALUE}).")
  int devices;

  @Option(
      names = {"-R", "--connect-rate", "--connrate"},
      paramLabel = "N",
      description = "How many connect in a second (default: 200).")
  @Nullable Integer connectRate;

  @Option(
      names = "-i",
      paramLabel = "MS",
      description = "The same as milliseconds between two connects, 1 to 1000.")
  @Nullable Integer connectInterval;

  @Option(
      names = {"-I", "--interval", "--interval_of_msg"},
      paramLabel = "TIME",
      defaultValue = "15m",
      description =
          "Heartbeat interval, fleet time (default: ${DEFAULT-VALUE}); a bare number is"
              + " milliseconds.")
  String interval = "";

  @Option(
      names = "--release",
      paramLabel = "NAME:VERSION",
      defaultValue = "hey-nova:1.0.0",
      description = "What new devices leave the factory with (default: ${DEFAULT-VALUE}).")
  String release = "";

  @Option(
      names = "--fleet",
      paramLabel = "NAME",
      defaultValue = "home",
      description = "Whose devices they are (default: ${DEFAULT-VALUE}).")
  String fleet = "";

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Of the population and all that is drawn (default: ${DEFAULT-VALUE}).")
  long seed;

  @ArgGroup(validate = false, heading = "%nWhat goes wrong:%n")
  Faults faults = new Faults();

  /** Probabilities and rates. */
  static final class Faults {
    @Option(
        names = "--duplicate-heartbeats",
        paramLabel = "P",
        description = "Probability that a heartbeat is sent twice.")
    double duplicateHeartbeats;

    @Option(
        names = "--disconnects-per-day",
        paramLabel = "N",
        description = "Lost connections of a device in a day of fleet time.")
    double disconnectsPerDay;

    @Option(
        names = "--corrupt-downloads",
        paramLabel = "P",
        description = "Probability that an update arrives damaged.")
    double corruptDownloads;

    @Option(
        names = "--power-cuts",
        paramLabel = "P",
        description = "Probability that an update is hit by a power cut.")
    double powerCuts;
  }

  /**
   * As a scenario.
   *
   * @throws IllegalArgumentException when flags contradict one another or are out of range
   */
  Scenario scenario() {
    Map<Fault.Kind, Double> rates = new EnumMap<>(Fault.Kind.class);
    rates.put(Fault.Kind.DUPLICATE_HEARTBEAT, faults.duplicateHeartbeats);
    rates.put(Fault.Kind.FLAPPING, faults.disconnectsPerDay);
    rates.put(Fault.Kind.CORRUPT_CHUNK, faults.corruptDownloads);
    rates.put(Fault.Kind.POWER_LOSS_IN_UPDATE, faults.powerCuts);
    rates.values().removeIf(rate -> rate == 0);
    return Scenario.standard(devices, ReleaseRef.parse(release))
        .withSeed(seed)
        .withFleet(fleet)
        .withPace(ShortDuration.parse(interval), connectsPerSecond())
        .withFaults(
            rates.entrySet().stream()
                .map(rate -> Fault.of(rate.getKey(), rate.getValue()))
                .toList());
  }

  private int connectsPerSecond() {
    Integer rate = connectRate;
    Integer millis = connectInterval;
    if (millis == null) {
      return rate == null ? DEFAULT_CONNECT_RATE : rate;
    }
    if (rate != null) {
      throw new IllegalArgumentException("-i: together with -R (expected: one of them)");
    }
    if (millis < 1 || millis > MILLIS_PER_SECOND) {
      throw new IllegalArgumentException("-i: " + millis + " (expected: 1 to 1000)");
    }
    return MILLIS_PER_SECOND / millis;
  }
}
