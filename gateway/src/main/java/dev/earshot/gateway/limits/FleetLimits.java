package dev.earshot.gateway.limits;

/**
 * What one fleet may ask of one gateway.
 *
 * @param connections sessions at the same time; 0 means not limited
 * @param connects sessions begun; who comes above it is refused
 * @param messages of all its devices together; above it the sockets of those that send most are not
 *     read for a while
 * @param payloadBytes the largest payload of a message
 */
record FleetLimits(int connections, Rate connects, Rate messages, int payloadBytes) {
  static final int MOST_CONNECTIONS = 1_000_000;
  static final int MOST_CONNECTS_PER_SECOND = 100_000;
  static final int MOST_MESSAGES_PER_SECOND = 1_000_000;
  static final int SMALLEST_PAYLOAD_BYTES = 1 << 10;
  static final int LARGEST_PAYLOAD_BYTES = 128 << 10;

  /** A device that was away, and a fleet of such devices, may catch up this much at once. */
  static final int MESSAGE_BURST_SECONDS = 10;

  /** A second's worth at once. */
  static Rate connectsPerSecond(int count) {
    return Rate.perSecond(count, Math.max(1, count));
  }

  /** Ten seconds' worth at once. */
  static Rate messagesPerSecond(int count) {
    return Rate.perSecond(count, Math.max(1, MESSAGE_BURST_SECONDS * count));
  }
}
