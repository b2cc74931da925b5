package dev.earshot.monitoring.health;

import dev.earshot.protocol.DeviceId;
import dev.earshot.protocol.Labels;
import dev.earshot.protocol.v1.DeviceHealth;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The labels that silent devices are counted under. */
public record SilenceKey(String fleet, String cohort, String release, String arm)
    implements LabelSet<SilenceKey> {

  /** Label names, in the order of {@link #values()}. */
  public static final List<String> NAMES = List.of("fleet", "cohort", "release", "arm");

  public static SilenceKey of(DeviceId id, DeviceHealth device) {
    return new SilenceKey(
        id.fleet(),
        HealthKey.cohort(device),
        HealthKey.named(device.getRelease()),
        Labels.of(device.getArm()));
  }

  @Override
  public List<String> values() {
    return List.of(fleet, cohort, release, arm);
  }

  @Override
  public @Nullable String value(LabelKind kind) {
    return switch (kind) {
      case FLEET -> fleet;
      case COHORT -> cohort;
      case RELEASE -> release;
      case CHIP, REGION -> null;
    };
  }

  @Override
  public SilenceKey folded(LabelFold fold) {
    return new SilenceKey(
        fold.apply(LabelKind.FLEET, fleet),
        fold.apply(LabelKind.COHORT, cohort),
        fold.apply(LabelKind.RELEASE, release),
        arm);
  }
}
