package dev.earshot.rollout.cohort;

import dev.earshot.protocol.DeviceId;
import java.nio.charset.StandardCharsets;

/**
 * Where a device stands in one rollout, drawn once and for ever by a keyed hash of its id. The two
 * numbers are independent of each other and, with another seed, of every other rollout.
 *
 * @param share decides the arm: stage k treats what lies below its percentage; in [0, 1)
 * @param pace decides when in a stage the device's clock starts, in either arm; in [0, 1)
 */
public record Position(double share, double pace) {
  private static final long SHARE = 0x7368617265L;
  private static final long PACE = 0x70616365L;
  private static final double TO_UNIT = 0x1.0p-53;

  public Position {
    requireUnit("share", share);
    requireUnit("pace", pace);
  }

  /** The position of {@code device} in the rollout with that seed. */
  public static Position of(long seed, DeviceId device) {
    byte[] id = device.toString().getBytes(StandardCharsets.UTF_8);
    return new Position(unit(SipHash.hash(seed, SHARE, id)), unit(SipHash.hash(seed, PACE, id)));
  }

  /** The upper 53 bits: as many as a double holds exactly. */
  private static double unit(long hash) {
    return (hash >>> 11) * TO_UNIT;
  }

  private static void requireUnit(String field, double value) {
    if (!(value >= 0 && value < 1)) {
      throw new IllegalArgumentException(field + ": " + value + " (expected: 0 <= x < 1)");
    }
  }
}
