package dev.earshot.rollout.stage;

import dev.earshot.protocol.v1.Arm;
import dev.earshot.rollout.cohort.Position;
import dev.earshot.rollout.plan.Plan;

/**
 * Who is in which arm. Stage k treats the shares below its percentage, so stages nest: who was
 * treated stays treated. The highest shares, {@code holdback}, are control to the very end. Who is
 * not treated is control.
 */
public final class Arms {
  private Arms() {}

  /**
   * The arm of a device at a stage.
   *
   * @param stage from 1
   */
  public static Arm at(Plan plan, int stage, Position position) {
    return position.share() < treatedShare(plan, stage) ? Arm.TREATMENT : Arm.CONTROL;
  }

  /** The share of the cohort that is treated at a stage, 0 to 1. */
  public static double treatedShare(Plan plan, int stage) {
    return Math.min(plan.stage(stage).percent(), 100 - plan.holdbackPercent()) / 100;
  }
}
