package dev.earshot.rollout.gate;

import java.util.OptionalDouble;

/**
 * What a gate concludes now. Only {@link NonInferior} lets a rollout advance and only {@link Harm}
 * stops it; lack of evidence is neither.
 */
public sealed interface Verdict {
  /** Which test, such as {@code counts} or {@code first-event}. */
  String test();

  /** Its ln e. */
  double logE();

  /** ln(1/alpha) that it had to reach. */
  double logThreshold();

  /**
   * The release does harm.
   *
   * @param test which test says so, such as {@code counts} or {@code first-event}
   */
  record Harm(String test, double logE, double logThreshold) implements Verdict {}

  /**
   * The release is worse by less than the margin, if at all.
   *
   * @param test which test says so
   */
  record NonInferior(String test, double logE, double logThreshold) implements Verdict {}

  /**
   * Not known yet; keep listening.
   *
   * @param test which test was asked
   * @param missingTreatedExposureHours exposure that treated devices still have to gather until
   *     non-inferiority is likely shown, if the release is as good as control; empty when that is
   *     not the question, not predictable yet, or not reachable with these devices
   */
  record Undecided(
      String test, double logE, double logThreshold, OptionalDouble missingTreatedExposureHours)
      implements Verdict {}
}
