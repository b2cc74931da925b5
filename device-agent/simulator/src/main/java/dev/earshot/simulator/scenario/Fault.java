package dev.earshot.simulator.scenario;

import dev.earshot.protocol.document.Checks;
import dev.earshot.protocol.document.Durations;
import dev.earshot.protocol.document.Numbers;
import java.time.Duration;
import java.util.Set;

/**
 * Something that goes wrong.
 *
 * @param kind what
 * @param rate how often: a probability for faults that hit messages, downloads, updates or devices;
 *     events for each device and day for those that hit in time
 * @param magnitude how much, in the kind's own unit; 0 where the kind has none
 * @param from fleet time since the start
 * @param until fleet time since the start; the scenario's end when later
 * @param groups which groups it may hit; empty: all
 */
public record Fault(
    Kind kind, double rate, double magnitude, Duration from, Duration until, Set<String> groups) {
  public Fault {
    groups = Set.copyOf(groups);
    Amount amount = kind.amount();
    new Checks()
        .require(
            rate >= 0 && rate <= kind.frequency().most(),
            "rate",
            rate,
            kind.frequency().described())
        .require(
            magnitude >= amount.least() && magnitude <= amount.most(),
            "magnitude",
            magnitude,
            amount.described())
        .notNegative("from", from, Checks.LONGEST)
        .positive("until", until)
        .fit(until.compareTo(from) > 0, "until", Durations.format(until), "after from", "from")
        .require(
            groups.isEmpty() || kind != Kind.GATEWAY_LOSS,
            "groups",
            groups,
            "none, as gateways serve all groups")
        .done();
  }

  /** That fault everywhere, from the start to the end. */
  public static Fault of(Kind kind, double rate, double magnitude) {
    return new Fault(kind, rate, magnitude, Duration.ZERO, Checks.LONGEST, Set.of());
  }

  /** That fault everywhere and always, as much as is usual. */
  public static Fault of(Kind kind, double rate) {
    return of(kind, rate, kind.amount().usual());
  }

  /** What a rate means. */
  public enum Frequency {
    /** Of each message, download or update: 0 to 1. */
    PROBABILITY(1),
    /** Of the devices, or the gateways, drawn once for the whole scenario: 0 to 1. */
    SHARE(1),
    /** Events for each device and day of fleet time. */
    PER_DAY(100_000);

    private final double most;

    Frequency(double most) {
      this.most = most;
    }

    double most() {
      return most;
    }

    String described() {
      return this == PER_DAY ? "0 to 100000 for each device and day" : "0 to 1";
    }
  }

  /**
   * What a magnitude means.
   *
   * @param field how it is written, with its unit; empty when the kind has no magnitude
   * @param usual when it is not written
   */
  public record Amount(String field, double least, double most, double usual) {
    private static final Amount NONE = new Amount("", 0, 0, 0);

    String described() {
      return field.isEmpty()
          ? "none, as this fault has no magnitude"
          : Numbers.plain(least) + " to " + Numbers.plain(most) + " (" + field + ")";
    }
  }

  /** What goes wrong; the unit of rate and magnitude stands beside it. */
  public enum Kind {
    /** rate: probability for each publication. */
    PACKET_LOSS(Frequency.PROBABILITY, .01),
    /** rate: probability for each publication; magnitude: mean milliseconds. */
    LATENCY(Frequency.PROBABILITY, .1, new Amount("milliseconds", 1, 3_600_000, 2000)),
    /** rate: share of the devices; magnitude: bytes for each second of downloads. */
    BANDWIDTH(Frequency.SHARE, 1, new Amount("bytes_per_second", 1, 1e9, 2000)),
    /** rate: losses of the connection for each device and day. */
    FLAPPING(Frequency.PER_DAY, 10),
    /** rate: share of the devices that lose their connection at {@code from}, all at once. */
    RECONNECT_STORM(Frequency.SHARE, 1),
    /** rate: share of the gateways that are away from {@code from} until {@code until}. */
    GATEWAY_LOSS(Frequency.SHARE, .5),
    /** rate: share of the devices; magnitude: seconds that their wall clock is wrong by. */
    CLOCK_SKEW(Frequency.SHARE, .1, new Amount("seconds", -1e9, 1e9, 3600)),
    /** rate: resets of the wall clock to 1970 for each device and day. */
    CLOCK_RESET(Frequency.PER_DAY, 1),
    /** rate: probability for each update; magnitude: at which byte of the download. */
    POWER_LOSS_IN_DOWNLOAD(Frequency.PROBABILITY, .1, new Amount("at_byte", 0, 1e9, 10_000)),
    /** rate: probability for each update, at any of its writes to flash. */
    POWER_LOSS_IN_UPDATE(Frequency.PROBABILITY, .1),
    /** rate: cuts for each device and day, at any time. */
    POWER_LOSS(Frequency.PER_DAY, 1),
    /** rate: probability for each update that one byte arrives changed. */
    CORRUPT_CHUNK(Frequency.PROBABILITY, .05),
    /** rate: share of the devices; magnitude: bytes that are left in a slot. */
    FULL_FLASH(Frequency.SHARE, .05, new Amount("bytes_left", 0, 1e9, 0)),
    /** rate: probability for each heartbeat. */
    DUPLICATE_HEARTBEAT(Frequency.PROBABILITY, .05),
    /** rate: probability for each heartbeat that it is overtaken by the next. */
    REORDERED_HEARTBEAT(Frequency.PROBABILITY, .05),
    /** rate: probability for each committed update that the device never boots again. */
    BRICK(Frequency.PROBABILITY, .01),
    /** rate: share of the devices; magnitude: share of the capacity that is lost in a day. */
    BATTERY_AGEING(Frequency.SHARE, 1, new Amount("share_per_day", 0, 1, .001));

    private final Frequency frequency;
    private final double usualRate;
    private final Amount amount;

    Kind(Frequency frequency, double usualRate) {
      this(frequency, usualRate, Amount.NONE);
    }

    Kind(Frequency frequency, double usualRate, Amount amount) {
      this.frequency = frequency;
      this.usualRate = usualRate;
      this.amount = amount;
    }

    /** How it is written in scenarios and reports. */
    public String word() {
      return ScenarioWords.word(this);
    }

    public Frequency frequency() {
      return frequency;
    }

    /** When none is written. */
    public double usualRate() {
      return usualRate;
    }

    public Amount amount() {
      return amount;
    }
  }
}
