package dev.earshot.monitoring.health;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A fleet alone. */
public record FleetKey(String fleet) implements LabelSet<FleetKey> {
  /** Label names, in the order of {@link #values()}. */
  public static final List<String> NAMES = List.of("fleet");

  @Override
  public List<String> values() {
    return List.of(fleet);
  }

  @Override
  public @Nullable String value(LabelKind kind) {
    return switch (kind) {
      case FLEET -> fleet;
      case COHORT, RELEASE, CHIP, REGION -> null;
    };
  }

  @Override
  public FleetKey folded(LabelFold fold) {
    return new FleetKey(fold.apply(LabelKind.FLEET, fleet));
  }
}
