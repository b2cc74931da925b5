package dev.earshot.gateway.stream;

/** Takes what was read from Kafka for the sessions. Called on the feed's thread; never blocks. */
public interface CommandTarget {
  /**
   * Hands a command to the device's connection, if there is one here.
   *
   * @param device {@code fleet/device}
   * @param command the bytes as they are in Kafka
   */
  void deliver(String device, byte[] command);

  /**
   * A session of the device has begun, here or on another gateway; one that is older ends.
   *
   * @param device {@code fleet/device}
   */
  void connectedElsewhere(String device, long epoch);
}
