package dev.earshot.monitoring.health;

import dev.earshot.protocol.DeviceId;
import dev.earshot.protocol.Labels;
import dev.earshot.protocol.v1.DeviceHealth;
import java.util.List;

/**
 * The labels that a device itself is counted under, each device under exactly one set at a time.
 */
public record PopulationKey(
    String fleet, String release, String chip, String region, String arm, String connected) {

  /** Label names, in the order of {@link #values()}. */
  public static final List<String> NAMES =
      List.of("fleet", "release", "chip", "region", "arm", "connected");

  public static PopulationKey of(DeviceId id, DeviceHealth device) {
    return new PopulationKey(
        id.fleet(),
        HealthKey.named(device.getRelease()),
        HealthKey.named(device.getAttributes().getChip()),
        HealthKey.named(device.getAttributes().getRegion()),
        Labels.of(device.getArm()),
        String.valueOf(device.getConnected()));
  }

  /** Label values, in the order of {@link #NAMES}. */
  public List<String> values() {
    return List.of(fleet, release, chip, region, arm, connected);
  }

  /** The key in the store. */
  public String encode() {
    return String.join("|", values());
  }

  /** Reads back {@link #encode()}. */
  public static PopulationKey decode(String text) {
    String[] parts = text.split("\\|", -1);
    return new PopulationKey(parts[0], parts[1], parts[2], parts[3], parts[4], parts[5]);
  }
}
