package dev.earshot.monitoring.health;

import dev.earshot.protocol.DeviceId;
import dev.earshot.protocol.v1.DeviceHealth;
import dev.earshot.protocol.v1.UpdateReport;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Where a device's newest update stands: the funnel. The release is the one that the update brings,
 * the cohort the rollout that ordered it. A device that was never told anything is in no set.
 */
public record UpdateKey(String fleet, String cohort, String release, String state, String result)
    implements LabelSet<UpdateKey> {

  /** Label names, in the order of {@link #values()}. */
  public static final List<String> NAMES = List.of("fleet", "cohort", "release", "state", "result");

  /** The set of a device; null when it was never told to update. */
  public static @Nullable UpdateKey of(DeviceId id, DeviceHealth device) {
    if (!device.hasUpdate()) {
      return null;
    }
    UpdateReport update = device.getUpdate();
    return new UpdateKey(
        id.fleet(),
        update.getRollout().isEmpty() ? HealthKey.NO_COHORT : HealthKey.named(update.getRollout()),
        HealthKey.named(update.getRelease()),
        state(update),
        result(update));
  }

  /** {@code downloading}, {@code committed} and so on. */
  public static String state(UpdateReport update) {
    return switch (update.getState()) {
      case DOWNLOADING,
          DOWNLOADED,
          VERIFIED,
          INSTALLED,
          TRIAL,
          COMMITTED,
          FAILED,
          REJECTED,
          ROLLED_BACK ->
          update.getState().name().toLowerCase(Locale.ROOT);
      case UPDATE_STATE_UNSPECIFIED, UNRECOGNIZED -> "unknown";
    };
  }

  /** {@code success}, {@code integrity_check_failure} and so on. */
  public static String result(UpdateReport update) {
    return update.getResult().name().toLowerCase(Locale.ROOT);
  }

  @Override
  public List<String> values() {
    return List.of(fleet, cohort, release, state, result);
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
  public UpdateKey folded(LabelFold fold) {
    return new UpdateKey(
        fold.apply(LabelKind.FLEET, fleet),
        fold.apply(LabelKind.COHORT, cohort),
        fold.apply(LabelKind.RELEASE, release),
        state,
        result);
  }

  /** Reads back {@link #encode()}. */
  public static UpdateKey decode(String text) {
    String[] parts = text.split("\\|", -1);
    return new UpdateKey(parts[0], parts[1], parts[2], parts[3], parts[4]);
  }
}
