package dev.earshot.rollout.plan;

import dev.earshot.protocol.document.Checks;
import dev.earshot.protocol.document.Numbers;
import dev.earshot.protocol.release.ReleaseRef;
import java.time.Duration;
import java.util.List;

/**
 * How a release reaches a cohort. All durations are the fleet's time.
 *
 * @param release what is rolled out
 * @param cohort a CEL expression, see {@link dev.earshot.rollout.cohort.Cohort}
 * @param schedule when it may begin, and when devices may be told
 * @param stages at least one, with growing percentages
 * @param holdbackPercent share that stays control to the very end, 0 to 50
 * @param priority when several rollouts want a device, the higher one gets it, then the older
 * @param offers how fast devices are told
 * @param heardWithin only devices that were heard this recently get an offer, real or sham
 * @param trial how long the new model must behave on a device before it is committed
 * @param install when a device may work on it
 * @param deadlines how long a device may stay in a state
 * @param gates what is tolerated
 * @param approval whose consent it needs
 */
public record Plan(
    ReleaseRef release,
    String cohort,
    Schedule schedule,
    List<Stage> stages,
    double holdbackPercent,
    int priority,
    OfferRate offers,
    Duration heardWithin,
    Duration trial,
    InstallPolicy install,
    Deadlines deadlines,
    GatePolicy gates,
    Approval approval) {
  /**
   * The stages of a plan that names none. The first one finds what is grossly wrong while it
   * touches one device in a hundred; each then reaches about five times as many for a time that
   * covers more of the day, and asks for a smaller margin, as more devices can show it sooner.
   */
  public static final List<Stage> DEFAULT_STAGES =
      List.of(
          new Stage(1, Duration.ofHours(6), 2.0),
          new Stage(5, Duration.ofHours(12), 1.5),
          new Stage(25, Duration.ofHours(24), 1.25),
          new Stage(100, Duration.ofHours(24), 1.15));

  /** One device in twenty keeps the last stage comparable, and costs few the better model. */
  public static final double DEFAULT_HOLDBACK_PERCENT = 5;

  /** A few missed heartbeats are forgiven, and offers are not spent on devices that are away. */
  public static final Duration DEFAULT_HEARD_WITHIN = Duration.ofHours(2);

  /** Long enough to hear a room and a crash loop, short enough for devices that are unplugged. */
  public static final Duration DEFAULT_TRIAL = Duration.ofMinutes(30);

  private static final int MOST_STAGES = 16;
  private static final Duration LONGEST_TRIAL = Duration.ofDays(30);

  public Plan {
    stages = List.copyOf(stages);
    Checks checks = new Checks();
    checks
        .require(!cohort.isBlank(), "cohort", "'" + cohort + "'", "a CEL expression")
        .require(
            !stages.isEmpty() && stages.size() <= MOST_STAGES,
            "stages",
            stages.size() + " stages",
            "1 to " + MOST_STAGES)
        .require(
            holdbackPercent >= 0 && holdbackPercent <= 50,
            "holdback_percent",
            holdbackPercent,
            "0 to 50")
        .positive("heard_within", heardWithin)
        .notNegative("trial", trial, LONGEST_TRIAL);
    for (int i = 1; i < stages.size(); i++) {
      double before = stages.get(i - 1).percent();
      checks.fit(
          stages.get(i).percent() > before,
          "stages[" + i + "].percent",
          stages.get(i).percent(),
          "more than the stage before, " + Numbers.plain(before),
          "stages[" + (i - 1) + "].percent");
    }
    checks.done();
  }

  /** A plan with all defaults. */
  public static Plan of(ReleaseRef release, String cohort) {
    return new Plan(
        release,
        cohort,
        Schedule.DEFAULT,
        DEFAULT_STAGES,
        DEFAULT_HOLDBACK_PERCENT,
        0,
        OfferRate.DEFAULT,
        DEFAULT_HEARD_WITHIN,
        DEFAULT_TRIAL,
        InstallPolicy.ANYTIME,
        Deadlines.DEFAULT,
        GatePolicy.DEFAULT,
        Approval.NONE);
  }

  /**
   * The default stage whose soak and margins a stage of that size gets where it names none: the
   * first that reaches as many, so that a plan that goes to all at once is held to the last margin.
   */
  public static Stage defaultStageFor(double percent) {
    return DEFAULT_STAGES.stream()
        .filter(stage -> stage.percent() >= percent)
        .findFirst()
        .orElseGet(DEFAULT_STAGES::getLast);
  }

  /** A stage by its number, from 1. */
  public Stage stage(int number) {
    return stages.get(number - 1);
  }

  /** Whether that stage is the last. */
  public boolean isLast(int stage) {
    return stage == stages.size();
  }
}
