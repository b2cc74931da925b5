package dev.earshot.rollout.plan;

import dev.earshot.protocol.document.Checks;
import dev.earshot.protocol.document.Fields;
import dev.earshot.protocol.document.Sizes;
import dev.earshot.protocol.release.ReleaseRef;
import dev.earshot.rollout.cohort.Cohort;
import dev.earshot.rollout.gate.Metric;
import dev.earshot.rollout.plan.GatePolicy.OnHarm;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes a plan of a document; what is wrong is noted there, and the default stands in for it. */
final class PlanReader {
  private static final ReleaseRef NO_RELEASE = new ReleaseRef("none", "0.0.0");
  private static final String NOBODY = "false";

  /** Who writes {@code approval} wants to be asked. */
  static final int USUAL_APPROVALS = 1;

  private PlanReader() {}

  static Plan plan(Fields fields) {
    ReleaseRef release = release(fields);
    String cohort = cohort(fields);
    Schedule schedule = schedule(fields.object("schedule"));
    List<Stage> stages = stages(fields);
    double holdback = fields.number("holdback_percent", Plan.DEFAULT_HOLDBACK_PERCENT);
    int priority = fields.integer("priority", 0);
    OfferRate offers = offers(fields.object("offers"));
    Duration heardWithin = fields.duration("heard_within", Plan.DEFAULT_HEARD_WITHIN);
    Duration trial = fields.duration("trial", Plan.DEFAULT_TRIAL);
    InstallPolicy install = install(fields.object("install"));
    Deadlines deadlines = deadlines(fields.object("deadlines"));
    GatePolicy gates = gates(fields.object("gates"));
    Approval approval = approval(fields.object("approval"), fields.has("approval"));
    return fields.build(
        () ->
            new Plan(
                release,
                cohort,
                schedule,
                stages,
                holdback,
                priority,
                offers,
                heardWithin,
                trial,
                install,
                deadlines,
                gates,
                approval),
        Plan.of(NO_RELEASE, NOBODY));
  }

  private static ReleaseRef release(Fields fields) {
    String text = fields.requiredText("release");
    try {
      return text == null ? NO_RELEASE : ReleaseRef.parse(text);
    } catch (IllegalArgumentException e) {
      fields.error("release", String.valueOf(e.getMessage()));
      return NO_RELEASE;
    }
  }

  private static String cohort(Fields fields) {
    String text = fields.requiredText("cohort");
    try {
      return text == null ? NOBODY : Cohort.compile(text).expression();
    } catch (IllegalArgumentException e) {
      fields.error("cohort", String.valueOf(e.getMessage()));
      return NOBODY;
    }
  }

  private static Schedule schedule(Fields fields) {
    Instant startAt = fields.instant("start_at");
    List<Window> windows = new ArrayList<>();
    for (Fields window : orEmpty(fields.objects("windows"))) {
      windows.add(window(window));
    }
    List<Freeze> freezes = new ArrayList<>();
    for (Fields freeze : orEmpty(fields.objects("freezes"))) {
      freezes.add(freeze(freeze));
    }
    return fields.build(() -> new Schedule(startAt, windows, freezes), Schedule.DEFAULT);
  }

  private static Window window(Fields fields) {
    LocalTime from = fields.requiredTime("from");
    LocalTime to = fields.requiredTime("to");
    List<DayOfWeek> days = fields.words("days", Words.DAYS);
    Set<DayOfWeek> all = EnumSet.allOf(DayOfWeek.class);
    return fields.build(
        () ->
            new Window(
                from == null ? LocalTime.MIDNIGHT : from,
                to == null ? LocalTime.MIDNIGHT : to,
                days == null ? all : new HashSet<>(days)),
        new Window(LocalTime.MIDNIGHT, LocalTime.MIDNIGHT, all));
  }

  private static Freeze freeze(Fields fields) {
    Instant from = fields.requiredInstant("from");
    Instant until = fields.requiredInstant("until");
    String reason = fields.text("reason", "");
    Freeze never = new Freeze(Checks.FIRST, Checks.FIRST.plusSeconds(1), "");
    return fields.build(
        () ->
            new Freeze(
                from == null ? Checks.FIRST : from, until == null ? Checks.LAST : until, reason),
        never);
  }

  private static List<Stage> stages(Fields fields) {
    List<Fields> list = fields.objects("stages");
    if (list == null) {
      return Plan.DEFAULT_STAGES;
    }
    List<Stage> stages = new ArrayList<>();
    for (Fields stage : list) {
      stages.add(stage(stage));
    }
    return stages;
  }

  private static Stage stage(Fields fields) {
    Double written = fields.requiredNumber("percent");
    double percent = written == null ? 100 : written;
    Stage usual = Plan.defaultStageFor(percent);
    Duration soak = fields.duration("soak", usual.soak());
    double exposure = fields.number("min_exposure_hours", usual.minExposureHours());
    Margins margins = margins(fields, usual.margins());
    return fields.build(() -> new Stage(percent, soak, exposure, margins), usual);
  }

  private static Margins margins(Fields stage, Margins usual) {
    double brief = stage.number("margin", usual.falseAccepts());
    Fields fields = stage.object("margins");
    double falseAccepts = fields.number("false_accepts", brief);
    Double falseRejects = fields.optionalNumber("false_rejects");
    Double power = fields.optionalNumber("power");
    if (stage.has("margin") && stage.has("margins")) {
      stage.error("margin", "is short for margins.false_accepts (expected: one of the two)");
    }
    String written = fields.has("false_accepts") ? "margins.false_accepts" : "margin";
    return fields.build(
        () -> new Margins(falseAccepts, falseRejects, power),
        usual,
        field -> field.equals("margins.false_accepts") ? written : field);
  }

  private static OfferRate offers(Fields fields) {
    OfferRate usual = OfferRate.DEFAULT;
    double perMinute = fields.number("per_minute", usual.perMinute());
    double factor = fields.number("factor", usual.factor());
    int every = fields.integer("every_successes", usual.everySuccesses());
    // Who only begins faster does not want to grow, rather than to be told off.
    double most = fields.number("max_per_minute", Math.max(usual.maxPerMinute(), perMinute));
    int downloads = fields.integer("max_downloads", usual.maxDownloads());
    return fields.build(() -> new OfferRate(perMinute, factor, every, most, downloads), usual);
  }

  private static InstallPolicy install(Fields fields) {
    InstallPolicy usual = InstallPolicy.ANYTIME;
    boolean charging = fields.flag("charging", usual.charging());
    int battery = fields.integer("battery_percent", usual.batteryPercent());
    boolean idle = fields.flag("idle", usual.idle());
    long daily = fields.parsed("daily_bytes", Sizes::parse, usual.dailyBytes());
    return fields.build(() -> new InstallPolicy(charging, battery, idle, daily), usual);
  }

  private static Deadlines deadlines(Fields fields) {
    Deadlines usual = Deadlines.DEFAULT;
    Duration offered = fields.duration("offered", usual.offered());
    Duration downloading = fields.duration("downloading", usual.downloading());
    Duration installing = fields.duration("installing", usual.installing());
    Duration trial = fields.duration("trial", usual.trial());
    Duration reverting = fields.duration("reverting", usual.reverting());
    Duration waiting = fields.duration("waiting", usual.waiting());
    int retries = fields.integer("retries", usual.retries());
    Duration retryAfter = fields.duration("retry_after", usual.retryAfter());
    return fields.build(
        () ->
            new Deadlines(
                offered, downloading, installing, trial, reverting, waiting, retries, retryAfter),
        usual);
  }

  private static GatePolicy gates(Fields fields) {
    GatePolicy usual = GatePolicy.DEFAULT;
    double alpha = fields.number("alpha", usual.alpha());
    double failures = fields.number("max_failure_percent", usual.maxFailurePercent());
    Duration silence = fields.duration("silence_after", usual.silenceAfter());
    OnHarm onHarm = fields.word("on_harm", Words.ANSWERS, usual.onHarm());
    Map<Metric, OnHarm> actions = actions(fields.object("actions"));
    return fields.build(() -> new GatePolicy(alpha, failures, silence, onHarm, actions), usual);
  }

  private static Map<Metric, OnHarm> actions(Fields fields) {
    Map<Metric, OnHarm> actions = new EnumMap<>(Metric.class);
    Words.METRICS.forEach(
        (label, metric) -> {
          OnHarm answer = fields.optionalWord(label, Words.ANSWERS);
          if (answer != null) {
            actions.put(metric, answer);
          }
        });
    return fields.build(() -> actions, Map.of());
  }

  private static Approval approval(Fields fields, boolean isWritten) {
    int count = fields.integer("count", isWritten ? USUAL_APPROVALS : Approval.NONE.count());
    List<String> by = orEmpty(fields.texts("by"));
    List<Boolean> before = fields.words("before", Words.MOMENTS);
    boolean beforeStart = before == null || before.contains(true);
    boolean betweenStages = before == null || before.contains(false);
    return fields.build(
        () -> new Approval(count, new HashSet<>(by), beforeStart, betweenStages), Approval.NONE);
  }

  private static <T> List<T> orEmpty(@Nullable List<T> list) {
    return list == null ? List.of() : list;
  }
}
