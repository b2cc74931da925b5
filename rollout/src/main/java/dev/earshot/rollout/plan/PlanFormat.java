package dev.earshot.rollout.plan;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.earshot.protocol.release.ReleaseRef;
import dev.earshot.rollout.cohort.Cohort;
import dev.earshot.rollout.plan.GatePolicy.OnHarm;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Reads plans from YAML or JSON (which is YAML) and writes them as JSON. The shortest plan:
 *
 * <pre>
 * release: hey-nova:1.1.0
 * cohort: device.chip == "ndp120"
 * </pre>
 */
public final class PlanFormat {
  private static final int LONGEST = 64 * 1024;
  private static final ObjectMapper YAML =
      new ObjectMapper(new YAMLFactory()).enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);
  private static final ReleaseRef NO_RELEASE = new ReleaseRef("none", "0.0.0");

  private PlanFormat() {}

  /**
   * Reads a plan.
   *
   * @throws InvalidPlan with everything that is wrong
   */
  public static Plan read(String text) {
    return read(parse(text));
  }

  /**
   * Parses a document without yet reading a plan from it.
   *
   * @throws InvalidPlan when it is not YAML or JSON with named fields; names the line
   */
  public static ObjectNode parse(String text) {
    if (text.length() > LONGEST) {
      throw whole(text.length() + " characters (expected: at most " + LONGEST + ")");
    }
    try {
      JsonNode node = YAML.readTree(text);
      if (node instanceof ObjectNode document) {
        return document;
      }
      throw whole("expected: fields such as release and cohort, in YAML or JSON");
    } catch (JsonProcessingException e) {
      JsonLocation at = e.getLocation();
      String where = at == null ? "" : "line " + at.getLineNr() + ": ";
      throw whole(where + firstLine(e.getOriginalMessage()));
    }
  }

  /**
   * Reads a plan from a parsed document.
   *
   * @throws InvalidPlan with everything that is wrong
   */
  public static Plan read(JsonNode node) {
    List<InvalidPlan.FieldError> errors = new ArrayList<>();
    Plan plan = plan(new PlanFields(node, "", errors));
    if (!errors.isEmpty()) {
      throw new InvalidPlan(errors);
    }
    return plan;
  }

  /** The plan with every default written out. */
  public static ObjectNode write(Plan plan) {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.put("release", plan.release().toString()).put("cohort", plan.cohort());
    if (plan.schedule().startAt() != null) {
      root.put("start_at", plan.schedule().startAt().toString());
    }
    ArrayNode stages = root.putArray("stages");
    for (Stage stage : plan.stages()) {
      stages
          .addObject()
          .put("percent", stage.percent())
          .put("soak", Durations.format(stage.soak()))
          .put("margin", stage.margins().falseAccepts());
    }
    root.put("holdback_percent", plan.holdbackPercent()).put("priority", plan.priority());
    root.putObject("offers")
        .put("per_minute", plan.offers().perMinute())
        .put("factor", plan.offers().factor())
        .put("every_successes", plan.offers().everySuccesses())
        .put("max_per_minute", plan.offers().maxPerMinute());
    root.put("heard_within", Durations.format(plan.heardWithin()))
        .put("trial", Durations.format(plan.trial()));
    root.putObject("deadlines")
        .put("offered", Durations.format(plan.deadlines().offered()))
        .put("downloading", Durations.format(plan.deadlines().downloading()))
        .put("installing", Durations.format(plan.deadlines().installing()))
        .put("trial", Durations.format(plan.deadlines().trial()))
        .put("reverting", Durations.format(plan.deadlines().reverting()));
    root.putObject("gates")
        .put("alpha", plan.gates().alpha())
        .put("max_failure_percent", plan.gates().maxFailurePercent())
        .put("on_harm", plan.gates().onHarm().name().toLowerCase(Locale.ROOT));
    return root;
  }

  private static Plan plan(PlanFields fields) {
    ReleaseRef release = release(fields);
    String cohort = cohort(fields);
    @Nullable Instant startAt = fields.instant("start_at");
    List<Stage> stages = stages(fields);
    double holdback = fields.number("holdback_percent", Plan.DEFAULT_HOLDBACK_PERCENT);
    int priority = fields.integer("priority", 0);
    OfferRate offers = offers(fields.object("offers"));
    var heardWithin = fields.duration("heard_within", Plan.DEFAULT_HEARD_WITHIN);
    var trial = fields.duration("trial", Plan.DEFAULT_TRIAL);
    Deadlines deadlines = deadlines(fields.object("deadlines"));
    GatePolicy gates = gates(fields.object("gates"));
    return fields.build(
        () ->
            new Plan(
                release,
                cohort,
                new Schedule(startAt, List.of(), List.of()),
                stages,
                holdback,
                priority,
                offers,
                heardWithin,
                trial,
                deadlines,
                gates,
                Approval.NONE),
        Plan.of(NO_RELEASE, "false"));
  }

  private static ReleaseRef release(PlanFields fields) {
    String text = fields.requiredText("release");
    try {
      return text == null ? NO_RELEASE : ReleaseRef.parse(text);
    } catch (IllegalArgumentException e) {
      fields.error("release", String.valueOf(e.getMessage()));
      return NO_RELEASE;
    }
  }

  private static String cohort(PlanFields fields) {
    String text = fields.requiredText("cohort");
    if (text == null) {
      return "false";
    }
    try {
      return Cohort.compile(text).expression();
    } catch (IllegalArgumentException e) {
      fields.error("cohort", String.valueOf(e.getMessage()));
      return "false";
    }
  }

  private static List<Stage> stages(PlanFields fields) {
    @Nullable List<PlanFields> list = fields.list("stages");
    if (list == null) {
      return Plan.DEFAULT_STAGES;
    }
    List<Stage> stages = new ArrayList<>();
    for (PlanFields stage : list) {
      Stage usual = Plan.DEFAULT_STAGES.get(Math.min(stages.size(), 3));
      double percent = stage.number("percent", 0);
      var soak = stage.duration("soak", usual.soak());
      double margin = stage.number("margin", usual.margins().falseAccepts());
      stages.add(stage.build(() -> new Stage(percent, soak, margin), usual));
    }
    return stages;
  }

  private static OfferRate offers(PlanFields fields) {
    OfferRate usual = OfferRate.DEFAULT;
    double perMinute = fields.number("per_minute", usual.perMinute());
    double factor = fields.number("factor", usual.factor());
    int every = fields.integer("every_successes", usual.everySuccesses());
    double most = fields.number("max_per_minute", Math.max(usual.maxPerMinute(), perMinute));
    return fields.build(
        () -> new OfferRate(perMinute, factor, every, most, usual.maxDownloads()), usual);
  }

  private static Deadlines deadlines(PlanFields fields) {
    Deadlines usual = Deadlines.DEFAULT;
    var offered = fields.duration("offered", usual.offered());
    var downloading = fields.duration("downloading", usual.downloading());
    var installing = fields.duration("installing", usual.installing());
    var trial = fields.duration("trial", usual.trial());
    var reverting = fields.duration("reverting", usual.reverting());
    return fields.build(
        () ->
            new Deadlines(
                offered,
                downloading,
                installing,
                trial,
                reverting,
                usual.retries(),
                usual.retryAfter()),
        usual);
  }

  private static GatePolicy gates(PlanFields fields) {
    GatePolicy usual = GatePolicy.DEFAULT;
    double alpha = fields.number("alpha", usual.alpha());
    double failures = fields.number("max_failure_percent", usual.maxFailurePercent());
    OnHarm onHarm = onHarm(fields);
    return fields.build(
        () -> new GatePolicy(alpha, failures, usual.silenceAfter(), onHarm, usual.actions()),
        usual);
  }

  private static OnHarm onHarm(PlanFields fields) {
    String word = fields.text("on_harm", "rollback");
    for (OnHarm known : OnHarm.values()) {
      if (known.name().toLowerCase(Locale.ROOT).equals(word)) {
        return known;
      }
    }
    fields.error("on_harm", "'" + word + "' (expected: rollback or pause)");
    return OnHarm.ROLLBACK;
  }

  private static InvalidPlan whole(String message) {
    return new InvalidPlan(List.of(new InvalidPlan.FieldError("plan", message)));
  }

  private static String firstLine(@Nullable String message) {
    return message == null ? "not readable" : message.lines().findFirst().orElse("");
  }
}
