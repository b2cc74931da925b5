package dev.earshot.simulator.truth;

import dev.earshot.protocol.v1.Heartbeat;

/**
 * What a set of reporting intervals adds up to. Whole numbers, so that sums are equal or not.
 *
 * @param listeningMillis exposure
 * @param wakes detections, right or wrong
 * @param falseAccepts detections that were wrong
 * @param suspectedFalseRejects misses that devices suspect
 * @param inferences made
 * @param chipMicrojoules used by the chips
 * @param socDropMillionths battery charge lost while discharging, millionths of a percent, each
 *     interval rounded by itself
 * @param dischargeMillis time on battery
 * @param crashfreeMillis time in operation without a crash
 * @param reboots that nobody asked for
 */
public record Counts(
    long listeningMillis,
    long wakes,
    long falseAccepts,
    long suspectedFalseRejects,
    long inferences,
    long chipMicrojoules,
    long socDropMillionths,
    long dischargeMillis,
    long crashfreeMillis,
    long reboots) {

  public static final Counts NONE = new Counts(0, 0, 0, 0, 0, 0);

  private static final double MILLION = 1e6;

  /** Without battery, crashes and reboots. */
  public Counts(
      long listeningMillis,
      long wakes,
      long falseAccepts,
      long suspectedFalseRejects,
      long inferences,
      long chipMicrojoules) {
    this(
        listeningMillis,
        wakes,
        falseAccepts,
        suspectedFalseRejects,
        inferences,
        chipMicrojoules,
        0,
        0,
        0,
        0);
  }

  /** An unexpected reboot. */
  public static Counts ofReboots(long reboots) {
    return new Counts(0, 0, 0, 0, 0, 0, 0, 0, 0, reboots);
  }

  /** What a heartbeat says. */
  public static Counts of(Heartbeat heartbeat) {
    return new Counts(
        Integer.toUnsignedLong(heartbeat.getListeningMs()),
        Integer.toUnsignedLong(heartbeat.getWakes()),
        Integer.toUnsignedLong(heartbeat.getFalseAccepts()),
        Integer.toUnsignedLong(heartbeat.getSuspectedFalseRejects()),
        heartbeat.getInferences(),
        heartbeat.getNdpEnergyUj(),
        millionths(heartbeat.getBatterySocPctDrop()),
        Integer.toUnsignedLong(heartbeat.getBatteryDischargeDurationMs()),
        Integer.toUnsignedLong(heartbeat.getOperationalCrashfreeMs()),
        Integer.toUnsignedLong(heartbeat.getUnexpectedReboots()));
  }

  /** Percent as a heartbeat carries them, in millionths. */
  public static long millionths(float percent) {
    return Math.round(percent * MILLION);
  }

  public Counts plus(Counts other) {
    return new Counts(
        listeningMillis + other.listeningMillis,
        wakes + other.wakes,
        falseAccepts + other.falseAccepts,
        suspectedFalseRejects + other.suspectedFalseRejects,
        inferences + other.inferences,
        chipMicrojoules + other.chipMicrojoules,
        socDropMillionths + other.socDropMillionths,
        dischargeMillis + other.dischargeMillis,
        crashfreeMillis + other.crashfreeMillis,
        reboots + other.reboots);
  }

  public Counts minus(Counts other) {
    return new Counts(
        listeningMillis - other.listeningMillis,
        wakes - other.wakes,
        falseAccepts - other.falseAccepts,
        suspectedFalseRejects - other.suspectedFalseRejects,
        inferences - other.inferences,
        chipMicrojoules - other.chipMicrojoules,
        socDropMillionths - other.socDropMillionths,
        dischargeMillis - other.dischargeMillis,
        crashfreeMillis - other.crashfreeMillis,
        reboots - other.reboots);
  }
}
