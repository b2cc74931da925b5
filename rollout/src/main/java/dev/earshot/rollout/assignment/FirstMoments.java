package dev.earshot.rollout.assignment;

import dev.earshot.protocol.v1.Enrolment;
import dev.earshot.protocol.v1.EnvironmentCounts;
import dev.earshot.protocol.v1.Heartbeat;

/**
 * When a device was observed in a stage, and when its first event of each kind was. A heartbeat
 * says how many events its interval held, not when: events are taken to fall evenly in it, so the
 * first of n lies where the least of n uniform numbers does, drawn by a hash of the heartbeat. The
 * earliest and latest of all heartbeats are kept, so their order of arrival does not matter.
 */
final class FirstMoments {
  private FirstMoments() {}

  /** The time that a heartbeat reports on, fleet time, Unix ms. */
  record Interval(long fromMs, long untilMs) {}

  static Enrolment.Block.Builder note(
      Enrolment.Block.Builder block,
      Heartbeat heartbeat,
      EnvironmentCounts counts,
      Interval interval) {
    block
        .setObservedFromMs(earlier(block.getObservedFromMs(), interval.fromMs()))
        .setObservedUntilMs(Math.max(block.getObservedUntilMs(), interval.untilMs()));
    double uniform = uniform(heartbeat);
    if (counts.getFalseAccepts() > 0) {
      block.setFirstFalseAcceptMs(
          earlier(
              block.getFirstFalseAcceptMs(), first(interval, counts.getFalseAccepts(), uniform)));
    }
    if (counts.getSuspectedFalseRejects() > 0) {
      block.setFirstFalseRejectMs(
          earlier(
              block.getFirstFalseRejectMs(),
              first(interval, counts.getSuspectedFalseRejects(), uniform)));
    }
    if (counts.getReboots() > 0) {
      block.setFirstCrashMs(
          earlier(block.getFirstCrashMs(), first(interval, counts.getReboots(), uniform)));
    }
    return block;
  }

  /** The distribution of the least of n uniform numbers is 1 - (1 - x)^n. */
  private static long first(Interval interval, long events, double uniform) {
    double share = 1 - Math.pow(1 - uniform, 1.0 / events);
    return interval.fromMs() + Math.round(share * (interval.untilMs() - interval.fromMs()));
  }

  private static long earlier(long knownMs, long ms) {
    return knownMs == 0 ? ms : Math.min(knownMs, ms);
  }

  /** In [0, 1), from what tells this heartbeat from any other. */
  private static double uniform(Heartbeat heartbeat) {
    long seed = ((long) heartbeat.getBootId() << 32) ^ heartbeat.getSequence();
    return (mix(mix(mix(seed) ^ heartbeat.getUptimeMs()) ^ heartbeat.getNdpEnergyUj()) >>> 11)
        * 0x1.0p-53;
  }

  /** The finaliser of SplitMix64 (Steele, Lea and Flood, OOPSLA 2014). */
  private static long mix(long value) {
    long z = value + 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
