package dev.earshot.simulator.device;

import dev.earshot.simulator.device.GroupFaults.Scoped;
import dev.earshot.simulator.scenario.Fault;
import dev.earshot.simulator.scenario.Fault.Kind;
import dev.earshot.simulator.world.RandomStream;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decides when something goes wrong for one device. Every kind of fault draws from a stream of its
 * own, so that none shifts what another does; whom a fault hits that concerns a share of the
 * devices is drawn once for the device's whole life. The faults of an update are drawn when its
 * command arrives. Used on the device's loop.
 */
final class FaultDice {
  private static final long STREAM = 4;
  private static final long SHARES = 7;
  private static final long SILENCE = 8;
  private static final int DARKNESS = -1;
  private static final int CRASHES = -2;
  private static final double MILLIS_PER_DAY = 86_400_000;

  /** About as many writes as an update needs; a later one than it makes cuts nothing. */
  private static final int WRITES_OF_AN_UPDATE = 14;

  private static final Duration NEVER = Duration.ofMillis(-1);

  private final GroupFaults faults;
  private final InstantSource clock;
  private final long seed;
  private final int device;
  private final long generation;
  private final @Nullable RandomStream[] streams = new @Nullable RandomStream[Kind.values().length];
  private final RandomStream darkness;
  private final RandomStream crashes;
  private boolean corruptionDue;
  private int writesUntilCut;
  private long bytesUntilCut = Long.MAX_VALUE;
  private String lastCommand = "";
  private boolean over;

  FaultDice(GroupFaults faults, InstantSource clock, long seed, int device, long generation) {
    this.faults = faults;
    this.clock = clock;
    this.seed = seed;
    this.device = device;
    this.generation = generation;
    this.darkness = RandomStream.of(seed, STREAM, device, generation, DARKNESS);
    this.crashes = RandomStream.of(seed, STREAM, device, generation, CRASHES);
  }

  /** What becomes of a publication. */
  enum Passage {
    ARRIVES,
    /** It never reaches the gateway. */
    LOST,
    /** It does, but the device never hears of it. */
    UNCONFIRMED
  }

  /** From now on nothing goes wrong. */
  void putAway() {
    over = true;
  }

  boolean has(Kind kind) {
    return faults.has(kind);
  }

  /** A command arrived; only the first time that it is told can it go wrong. */
  void commandArrived(String commandId) {
    if (commandId.equals(lastCommand)) {
      return;
    }
    lastCommand = commandId;
    corruptionDue = happens(Kind.CORRUPT_CHUNK);
    writesUntilCut =
        happens(Kind.POWER_LOSS_IN_UPDATE)
            ? 1 + stream(Kind.POWER_LOSS_IN_UPDATE).nextInt(WRITES_OF_AN_UPDATE)
            : 0;
    bytesUntilCut = Long.MAX_VALUE;
    for (Scoped scoped : faults.of(Kind.POWER_LOSS_IN_DOWNLOAD)) {
      if (strikes(scoped)) {
        bytesUntilCut = Math.min(bytesUntilCut, (long) scoped.fault().magnitude());
      }
    }
  }

  boolean duplicatesHeartbeat() {
    return happens(Kind.DUPLICATE_HEARTBEAT);
  }

  /** Whether this heartbeat is to be overtaken by the next. */
  boolean reordersHeartbeat() {
    return happens(Kind.REORDERED_HEARTBEAT);
  }

  /** What becomes of this publication: half of what is lost is lost on the way back. */
  Passage passage() {
    if (!happens(Kind.PACKET_LOSS)) {
      return Passage.ARRIVES;
    }
    return stream(Kind.PACKET_LOSS).nextDouble() < .5 ? Passage.LOST : Passage.UNCONFIRMED;
  }

  /** How long this publication is held up, fleet milliseconds. */
  long delayMillis() {
    double delay = 0;
    for (Scoped scoped : faults.of(Kind.LATENCY)) {
      if (strikes(scoped)) {
        delay += stream(Kind.LATENCY).nextExponential() * scoped.fault().magnitude();
      }
    }
    return (long) delay;
  }

  /** The most that arrives of a download in a second of fleet time; infinite without a limit. */
  double bytesPerSecond() {
    double least = Double.POSITIVE_INFINITY;
    for (Scoped scoped : faults.of(Kind.BANDWIDTH)) {
      if (isHitNow(scoped)) {
        least = Math.min(least, scoped.fault().magnitude());
      }
    }
    return least;
  }

  /** Whether this download is the one to be damaged; true once. */
  boolean takeCorruption() {
    boolean due = corruptionDue && !over;
    corruptionDue = false;
    return due;
  }

  /** Counts a write to flash; true when the power is cut in the middle of it. */
  boolean cutsThisWrite() {
    if (writesUntilCut == 0 || over) {
      return false;
    }
    writesUntilCut--;
    return writesUntilCut == 0;
  }

  /** Counts what arrives of an update; how much of it does before the power is cut. */
  int arrivesBeforeCut(int length) {
    if (over || bytesUntilCut == Long.MAX_VALUE) {
      return length;
    }
    if (bytesUntilCut >= length) {
      bytesUntilCut -= length;
      return length;
    }
    int arrives = (int) bytesUntilCut;
    bytesUntilCut = Long.MAX_VALUE;
    return arrives;
  }

  /** Which of {@code length} bytes is damaged. */
  int position(int length) {
    return stream(Kind.CORRUPT_CHUNK).nextInt(length);
  }

  /** Whether the record of a write that was cut is there nevertheless. */
  boolean recordSurvivesCut() {
    return stream(Kind.POWER_LOSS_IN_UPDATE).nextInt(2) == 1;
  }

  /** What a slot can hold, of so many bytes. */
  long capacity(long bytes) {
    double least = bytes;
    for (Scoped scoped : faults.of(Kind.FULL_FLASH)) {
      if (isHitNow(scoped)) {
        least = Math.min(least, scoped.fault().magnitude());
      }
    }
    return (long) least;
  }

  /** Fleet time until the connection breaks next; negative for never. */
  Duration untilDisconnect() {
    return untilNext(Kind.FLAPPING);
  }

  /** Fleet time until the power fails next; negative for never. */
  Duration untilPowerLoss() {
    return untilNext(Kind.POWER_LOSS);
  }

  /** Fleet time until the wall clock is reset next; negative for never. */
  Duration untilClockReset() {
    return untilNext(Kind.CLOCK_RESET);
  }

  /**
   * Fleet time until each of the storms that this device is in; those that are over are left out.
   */
  List<Duration> untilStorms() {
    List<Duration> storms = new ArrayList<>();
    long now = clock.millis();
    for (Scoped scoped : faults.of(Kind.RECONNECT_STORM)) {
      if (scoped.fromMillis() > now && isHit(scoped)) {
        storms.add(Duration.ofMillis(scoped.fromMillis() - now));
      }
    }
    return storms;
  }

  /** By how much the wall clock is wrong now, milliseconds. */
  long clockErrorMillis(long nowMillis) {
    double seconds = 0;
    for (Scoped scoped : faults.of(Kind.CLOCK_SKEW)) {
      if (scoped.isActive(nowMillis) && isHit(scoped)) {
        seconds += scoped.fault().magnitude();
      }
    }
    return Math.round(seconds * 1000);
  }

  /** Share of the battery's capacity that age has left, above 0. */
  double capacityLeft(long nowMillis) {
    double left = 1;
    for (Scoped scoped : faults.of(Kind.BATTERY_AGEING)) {
      long aged = Math.min(nowMillis, scoped.untilMillis()) - scoped.fromMillis();
      if (aged > 0 && isHit(scoped)) {
        left *= StrictMath.pow(1 - scoped.fault().magnitude(), aged / MILLIS_PER_DAY);
      }
    }
    return Math.max(left, .01);
  }

  /** Whether the update that was just committed is the end of the device. */
  boolean bricks() {
    return happens(Kind.BRICK);
  }

  /** Fleet time until a model that crashes so often does; negative for never. */
  Duration untilCrash(double perDay) {
    return perDay == 0 || over
        ? NEVER
        : Duration.ofMillis(1 + (long) (crashes.nextExponential() * MILLIS_PER_DAY / perDay));
  }

  /** Whether that release silences this device, when it silences such a share of all. */
  boolean isSilencedBy(String release, double share) {
    return share > 0
        && RandomStream.of(seed, SILENCE, device, release.hashCode()).nextDouble() < share;
  }

  /** Fleet time that the power stays away: half a minute to five minutes. */
  Duration darkness() {
    return Duration.ofSeconds(30 + darkness.nextInt(270));
  }

  /** Fleet time from a committed update to the boot that fails: one to ten minutes. */
  Duration untilBricked() {
    return Duration.ofSeconds(60 + stream(Kind.BRICK).nextInt(540));
  }

  private boolean happens(Kind kind) {
    if (over || !faults.has(kind)) {
      return false;
    }
    double probability = faults.probability(kind, clock.millis());
    return probability > 0 && stream(kind).nextDouble() < probability;
  }

  private boolean strikes(Scoped scoped) {
    return !over
        && scoped.isActive(clock.millis())
        && stream(scoped.fault().kind()).nextDouble() < scoped.fault().rate();
  }

  private Duration untilNext(Kind kind) {
    if (over || !faults.has(kind)) {
      return NEVER;
    }
    long millis = faults.untilNext(kind, clock.millis(), stream(kind).nextExponential());
    return millis == GroupFaults.NEVER ? NEVER : Duration.ofMillis(millis);
  }

  private boolean isHitNow(Scoped scoped) {
    return !over && scoped.isActive(clock.millis()) && isHit(scoped);
  }

  private boolean isHit(Scoped scoped) {
    Fault fault = scoped.fault();
    return fault.rate() >= 1
        || RandomStream.of(seed, SHARES, device, fault.kind().ordinal(), scoped.number())
                .nextDouble()
            < fault.rate();
  }

  private RandomStream stream(Kind kind) {
    RandomStream known = streams[kind.ordinal()];
    if (known == null) {
      known = RandomStream.of(seed, STREAM, device, generation, kind.ordinal());
      streams[kind.ordinal()] = known;
    }
    return known;
  }
}
