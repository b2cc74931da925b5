package dev.earshot.monitoring.health;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The labels of score histograms: few, because each set is 34 series. */
public record ScoreKey(String release, String environment) implements LabelSet<ScoreKey> {
  /** Label names, in the order of {@link #values()}. */
  public static final List<String> NAMES = List.of("release", "environment");

  @Override
  public List<String> values() {
    return List.of(release, environment);
  }

  @Override
  public @Nullable String value(LabelKind kind) {
    return switch (kind) {
      case RELEASE -> release;
      case FLEET, COHORT, CHIP, REGION -> null;
    };
  }

  @Override
  public ScoreKey folded(LabelFold fold) {
    return new ScoreKey(fold.apply(LabelKind.RELEASE, release), environment);
  }
}
