package dev.earshot.monitoring.health;

import dev.earshot.protocol.DeviceId;
import dev.earshot.protocol.Labels;
import dev.earshot.protocol.v1.DeviceHealth;
import dev.earshot.protocol.v1.Heartbeat;
import java.util.List;

/**
 * The labels that an interval is counted under. All come from closed sets, or are named by
 * operators (fleet, release, region); never a device. The arm is the one that was known when the
 * interval was counted.
 */
public record HealthKey(
    String fleet, String release, String chip, String region, String environment, String arm) {

  /** Label names, in the order of {@link #values()}. */
  public static final List<String> NAMES =
      List.of("fleet", "release", "chip", "region", "environment", "arm");

  /** The labels of that interval of a device of which that much is known. */
  public static HealthKey of(DeviceId id, DeviceHealth device, Heartbeat heartbeat) {
    return new HealthKey(
        id.fleet(),
        named(heartbeat.getRelease()),
        named(device.getAttributes().getChip()),
        named(device.getAttributes().getRegion()),
        Labels.of(heartbeat.getEnvironment()),
        Labels.of(device.getArm()));
  }

  /** Label values, in the order of {@link #NAMES}. */
  public List<String> values() {
    return List.of(fleet, release, chip, region, environment, arm);
  }

  /** The key in stores and topics. */
  public String encode() {
    return String.join("|", values());
  }

  /** Reads back {@link #encode()}. */
  public static HealthKey decode(String text) {
    String[] parts = text.split("\\|", -1);
    return new HealthKey(parts[0], parts[1], parts[2], parts[3], parts[4], parts[5]);
  }

  static String named(String value) {
    return value.isEmpty() ? "unknown" : value.replace('|', '_');
  }
}
