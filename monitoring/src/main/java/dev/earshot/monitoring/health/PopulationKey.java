package dev.earshot.monitoring.health;

import dev.earshot.protocol.DeviceId;
import dev.earshot.protocol.Labels;
import dev.earshot.protocol.v1.DeviceHealth;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The labels that a device itself is counted under, each device under exactly one set at a time.
 */
public record PopulationKey(
    String fleet,
    String cohort,
    String release,
    String chip,
    String region,
    String arm,
    String connected)
    implements LabelSet<PopulationKey> {

  /** Label names, in the order of {@link #values()}. */
  public static final List<String> NAMES =
      List.of("fleet", "cohort", "release", "chip", "region", "arm", "connected");

  public static PopulationKey of(DeviceId id, DeviceHealth device) {
    return new PopulationKey(
        id.fleet(),
        HealthKey.cohort(device),
        HealthKey.named(device.getRelease()),
        HealthKey.named(device.getAttributes().getChip()),
        HealthKey.named(device.getAttributes().getRegion()),
        Labels.of(device.getArm()),
        String.valueOf(device.getConnected()));
  }

  @Override
  public List<String> values() {
    return List.of(fleet, cohort, release, chip, region, arm, connected);
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
  public PopulationKey folded(LabelFold fold) {
    return new PopulationKey(
        fold.apply(LabelKind.FLEET, fleet),
        fold.apply(LabelKind.COHORT, cohort),
        fold.apply(LabelKind.RELEASE, release),
        fold.apply(LabelKind.CHIP, chip),
        fold.apply(LabelKind.REGION, region),
        arm,
        connected);
  }

  /** Reads back {@link #encode()}. */
  public static PopulationKey decode(String text) {
    String[] parts = text.split("\\|", -1);
    return new PopulationKey(parts[0], parts[1], parts[2], parts[3], parts[4], parts[5], parts[6]);
  }
}
