package dev.earshot.simulator.report;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** Everything that a report counts, and that a scenario may expect something of. */
public enum ReportFigure {
  DEVICES("devices"),
  CONNECTED_DEVICES("connected devices"),
  /** Devices that listen with another release than the factory's, in the end. */
  INSTALLED_DEVICES("installed devices"),
  BRICKED_DEVICES("bricked devices"),
  COMMITTED_UPDATES("committed updates"),
  ROLLED_BACK_UPDATES("rolled back updates"),
  /** Ended before the new model listened. */
  FAILED_UPDATES("failed updates"),
  HEARTBEATS_MADE("heartbeats made"),
  HEARTBEATS_PUBLISHED("heartbeats published"),
  HEARTBEATS_ACKNOWLEDGED("heartbeats acknowledged"),
  /** Each once; unknown when nobody looked. */
  HEARTBEATS_IN_KAFKA("heartbeats in kafka"),
  /** Acknowledged, but not in Kafka; unknown when nobody looked. */
  LOST_ACKNOWLEDGED_HEARTBEATS("lost acknowledged heartbeats"),
  /** Lost with the power while they waited. */
  DESTROYED_HEARTBEATS("destroyed heartbeats"),
  DROPPED_HEARTBEATS("dropped heartbeats"),
  /** Not acknowledged in the end. */
  WAITING_HEARTBEATS("waiting heartbeats"),
  LISTENING_HOURS("listening hours"),
  WAKES("wakes"),
  FALSE_ACCEPTS("false accepts"),
  SUSPECTED_FALSE_REJECTS("suspected false rejects"),
  INFERENCES("inferences"),
  CHIP_JOULES("chip joules"),
  /** Unexpected reboots: nobody asked for them. */
  CRASHES("crashes"),
  CRASH_FREE_HOURS("crash-free hours"),
  POWER_CUTS("power cuts"),
  CONNECTIONS_LOST("connections lost"),
  COMMANDS("commands"),
  /** Figures in which services differ from what happened; unknown when nobody looked. */
  DIFFERENCES("differences");

  private final String title;

  ReportFigure(String title) {
    this.title = title;
  }

  /** Its name in reports and scenarios, with its unit where it has one. */
  public String title() {
    return title;
  }

  /**
   * The figure of that name, in any case.
   *
   * @throws IllegalArgumentException when there is none; lists them all
   */
  public static ReportFigure of(String name) {
    String wanted = name.strip().replaceAll("\\s+", " ").toLowerCase(Locale.ROOT);
    for (ReportFigure figure : values()) {
      if (figure.title.equals(wanted)) {
        return figure;
      }
    }
    throw new IllegalArgumentException(
        "figure '"
            + name
            + "' is not known (expected: one of "
            + Arrays.stream(values()).map(ReportFigure::title).collect(Collectors.joining(", "))
            + ")");
  }
}
