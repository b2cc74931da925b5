package dev.earshot.protocol;

import java.util.Optional;

/**
 * The only MQTT topics there are: {@code earshot/v1/{fleet}/{device}/{channel}}. Devices publish
 * {@link Channel#HEARTBEAT} and {@link Channel#STATUS} and subscribe to {@link Channel#COMMAND},
 * each under their own identity.
 */
public record MqttTopic(DeviceId deviceId, Channel channel) {
  private static final String PREFIX = "earshot/v1/";

  /** What a topic carries. */
  public enum Channel {
    HEARTBEAT("heartbeat"),
    STATUS("status"),
    COMMAND("command");

    private final String segment;

    Channel(String segment) {
      this.segment = segment;
    }

    /** The last level of the topic. */
    public String segment() {
      return segment;
    }
  }

  /** Parses a topic name; empty when it is none of ours. */
  public static Optional<MqttTopic> parse(String topic) {
    if (!topic.startsWith(PREFIX)) {
      return Optional.empty();
    }
    String[] levels = topic.substring(PREFIX.length()).split("/", -1);
    if (levels.length != 3) {
      return Optional.empty();
    }
    for (Channel channel : Channel.values()) {
      if (channel.segment.equals(levels[2])) {
        try {
          return Optional.of(new MqttTopic(new DeviceId(levels[0], levels[1]), channel));
        } catch (IllegalArgumentException e) {
          return Optional.empty();
        }
      }
    }
    return Optional.empty();
  }

  @Override
  public String toString() {
    return PREFIX + deviceId + "/" + channel.segment;
  }
}
