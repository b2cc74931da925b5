package dev.earshot.monitoring.health;

/**
 * The labels whose values nobody bounds: operators and devices name them, and over the years there
 * are ever more.
 */
public enum LabelKind {
  COHORT,
  RELEASE,
  REGION,
  CHIP,
  FLEET
}
