package dev.earshot.gateway.stream;

/** Takes the commands that were read from Kafka. */
@FunctionalInterface
public interface CommandTarget {
  /**
   * Hands a command to the device's connection, if there is one here. Called on the feed's thread;
   * must not block.
   *
   * @param device {@code fleet/device}
   * @param command the bytes as they are in Kafka
   */
  void deliver(String device, byte[] command);
}
