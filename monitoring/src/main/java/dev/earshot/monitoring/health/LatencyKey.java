package dev.earshot.monitoring.health;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The labels of the inference latency: what runs, and on what. */
public record LatencyKey(String release, String chip) implements LabelSet<LatencyKey> {
  /** Label names, in the order of {@link #values()}. */
  public static final List<String> NAMES = List.of("release", "chip");

  @Override
  public List<String> values() {
    return List.of(release, chip);
  }

  @Override
  public @Nullable String value(LabelKind kind) {
    return switch (kind) {
      case RELEASE -> release;
      case CHIP -> chip;
      case FLEET, COHORT, REGION -> null;
    };
  }

  @Override
  public LatencyKey folded(LabelFold fold) {
    return new LatencyKey(fold.apply(LabelKind.RELEASE, release), fold.apply(LabelKind.CHIP, chip));
  }
}
