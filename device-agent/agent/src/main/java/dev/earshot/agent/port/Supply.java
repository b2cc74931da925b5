package dev.earshot.agent.port;

/** What feeds the device. Asked on the agent's thread, now and then; must not block. */
@FunctionalInterface
public interface Supply {
  /** How things stand at this moment. */
  Reading read();

  /**
   * What feeds the device.
   *
   * @param charging energy comes in from outside; true on mains
   * @param percent state of charge, 0 to 100; 100 without a battery
   */
  record Reading(boolean charging, double percent) {
    /** A device without a battery. */
    public static final Reading MAINS = new Reading(true, 100);

    public Reading {
      if (!(percent >= 0 && percent <= 100)) {
        throw new IllegalArgumentException("percent: " + percent + " (expected: 0 to 100)");
      }
    }
  }

  /** A device without a battery. */
  static Supply mains() {
    return () -> Reading.MAINS;
  }
}
