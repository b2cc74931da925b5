package dev.earshot.protocol;

/**
 * Every Kafka topic that Earshot's parts share. Topics that are keyed by device have the same
 * number of partitions, so that one task sees all of a device.
 */
public enum KafkaTopic {
  HEARTBEAT("earshot.device.heartbeat.v1", Key.DEVICE, Cleanup.DELETE),
  STATUS("earshot.device.status.v1", Key.DEVICE, Cleanup.DELETE),
  SESSION("earshot.device.session.v1", Key.DEVICE, Cleanup.DELETE),
  COMMAND("earshot.device.command.v1", Key.DEVICE, Cleanup.DELETE),
  REJECTED("earshot.device.rejected.v1", Key.DEVICE, Cleanup.DELETE),
  ASSIGNMENT("earshot.rollout.assignment.v1", Key.DEVICE, Cleanup.COMPACT),
  RELEASE("earshot.model.release.v1", Key.RELEASE, Cleanup.COMPACT),
  REGISTRY("earshot.model.registry.v1", Key.ENTRY, Cleanup.COMPACT),
  ROLLOUT_REQUEST("earshot.rollout.request.v1", Key.ROLLOUT, Cleanup.DELETE),
  ROLLOUT_EVENT("earshot.rollout.event.v1", Key.ROLLOUT, Cleanup.DELETE),
  ROLLOUT_STATE("earshot.rollout.state.v1", Key.ROLLOUT, Cleanup.COMPACT),
  FLEET_HEALTH("earshot.fleet.health.v1", Key.AGGREGATE, Cleanup.COMPACT);

  /**
   * Record header of every message that came from a device: when the gateway received it, by the
   * fleet's clock, as decimal Unix milliseconds. It is the event time of everything downstream;
   * Kafka's own record timestamps are the machine's clock and serve retention only.
   */
  public static final String RECEIVED_MS_HEADER = "earshot-received-ms";

  /** What a topic's key is. */
  public enum Key {
    /** {@code fleet/device}. */
    DEVICE,
    /** {@code name:version}. */
    RELEASE,
    /** Which entry of the registry. */
    ENTRY,
    /** The rollout's id. */
    ROLLOUT,
    /** The labels of an aggregate. */
    AGGREGATE
  }

  /** What Kafka does with old records. */
  public enum Cleanup {
    /** Drops them after the retention time. */
    DELETE,
    /** Keeps the newest of each key for ever. */
    COMPACT
  }

  private final String topicName;
  private final Key key;
  private final Cleanup cleanup;

  KafkaTopic(String topicName, Key key, Cleanup cleanup) {
    this.topicName = topicName;
    this.key = key;
    this.cleanup = cleanup;
  }

  /** The name in Kafka. */
  public String topicName() {
    return topicName;
  }

  public Key key() {
    return key;
  }

  public Cleanup cleanup() {
    return cleanup;
  }
}
