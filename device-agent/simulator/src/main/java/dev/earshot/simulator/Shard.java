package dev.earshot.simulator;

import java.util.stream.IntStream;

/**
 * One process' share of a fleet: every {@code of}-th device, beginning with {@code number}. Shares
 * are interleaved, not cut into ranges, so that each arrives, and is made up, like the whole.
 *
 * @param number from 0
 * @param of how many shares there are, 1 to 1000
 */
public record Shard(int number, int of) {
  /** The whole fleet. */
  public static final Shard WHOLE = new Shard(0, 1);

  public Shard {
    if (of < 1 || of > 1000 || number < 0 || number >= of) {
      throw new IllegalArgumentException(
          "shard: " + number + "/" + of + " (expected: a number below that of all, such as 0/4)");
    }
  }

  /** Parses {@code number/of}. */
  public static Shard parse(String text) {
    String[] parts = text.split("/", -1);
    try {
      if (parts.length == 2) {
        return new Shard(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]));
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw new IllegalArgumentException("shard: '" + text + "' (expected: such as 0/4)");
  }

  /** The numbers of its devices in a fleet of that many. */
  public IntStream indices(int devices) {
    return IntStream.iterate(number, index -> index < devices, index -> index + of);
  }

  /** How many of that many devices are its own. */
  public int count(int devices) {
    return devices <= number ? 0 : (devices - number - 1) / of + 1;
  }

  @Override
  public String toString() {
    return number + "/" + of;
  }
}
