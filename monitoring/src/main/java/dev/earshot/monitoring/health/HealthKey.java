package dev.earshot.monitoring.health;

import dev.earshot.protocol.DeviceId;
import dev.earshot.protocol.Labels;
import dev.earshot.protocol.v1.DeviceHealth;
import dev.earshot.protocol.v1.Heartbeat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The labels that an interval is counted under. All come from closed sets, or are named by
 * operators (fleet, release, region, and the cohort: the rollout that the device is assigned to);
 * never a device. Cohort and arm are those that were known when the interval was counted.
 */
public record HealthKey(
    String fleet,
    String cohort,
    String release,
    String chip,
    String region,
    String environment,
    String arm)
    implements LabelSet<HealthKey> {

  /** Label names, in the order of {@link #values()}. */
  public static final List<String> NAMES =
      List.of("fleet", "cohort", "release", "chip", "region", "environment", "arm");

  /** The cohort of devices that no rollout was ever assigned to. */
  public static final String NO_COHORT = "none";

  /** The labels of that interval of a device of which that much is known. */
  public static HealthKey of(DeviceId id, DeviceHealth device, Heartbeat heartbeat) {
    return new HealthKey(
        id.fleet(),
        cohort(device),
        named(heartbeat.getRelease()),
        named(device.getAttributes().getChip()),
        named(device.getAttributes().getRegion()),
        Labels.of(heartbeat.getEnvironment()),
        Labels.of(device.getArm()));
  }

  @Override
  public List<String> values() {
    return List.of(fleet, cohort, release, chip, region, environment, arm);
  }

  @Override
  public @Nullable String value(LabelKind kind) {
    return switch (kind) {
      case FLEET -> fleet;
      case COHORT -> cohort;
      case RELEASE -> release;
      case CHIP -> chip;
      case REGION -> region;
    };
  }

  @Override
  public HealthKey folded(LabelFold fold) {
    return new HealthKey(
        fold.apply(LabelKind.FLEET, fleet),
        fold.apply(LabelKind.COHORT, cohort),
        fold.apply(LabelKind.RELEASE, release),
        fold.apply(LabelKind.CHIP, chip),
        fold.apply(LabelKind.REGION, region),
        environment,
        arm);
  }

  /** Reads back {@link #encode()}. */
  public static HealthKey decode(String text) {
    String[] parts = text.split("\\|", -1);
    return new HealthKey(parts[0], parts[1], parts[2], parts[3], parts[4], parts[5], parts[6]);
  }

  static String cohort(DeviceHealth device) {
    return device.getRollout().isEmpty() ? NO_COHORT : named(device.getRollout());
  }

  static String named(String value) {
    return value.isEmpty() ? "unknown" : value.replace('|', '_');
  }
}
