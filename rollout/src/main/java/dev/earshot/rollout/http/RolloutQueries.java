package dev.earshot.rollout.http;

import dev.earshot.protocol.Labels;
import dev.earshot.protocol.problem.ProblemException;
import dev.earshot.protocol.problem.ProblemType;
import dev.earshot.protocol.v1.Arm;
import dev.earshot.protocol.v1.Assignment;
import dev.earshot.protocol.v1.RolloutSnapshot;
import dev.earshot.rollout.control.ControlPlane;
import dev.earshot.rollout.control.ControlPlane.Assigned;
import dev.earshot.rollout.control.RolloutIds;
import dev.earshot.rollout.control.Words;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What can be read. */
final class RolloutQueries {
  private static final String EVENT_STREAM = "text/event-stream";
  private static final String AFTER = "after";
  private static final String STATE = "state";
  private static final String ARM = "arm";
  private static final Pattern PLACE = Pattern.compile("(\\d{1,18})\\.([a-z0-9-]{1,64})");
  private static final Comparator<RolloutSnapshot> NEWEST_FIRST =
      Comparator.comparingLong(RolloutSnapshot::getCreatedAtMs)
          .reversed()
          .thenComparing(RolloutSnapshot::getRollout);

  private final ControlPlane plane;

  RolloutQueries(ControlPlane plane) {
    this.plane = plane;
  }

  void list(RoutingContext ctx) {
    String state = Pages.word(ctx, STATE, Words.rolloutStates());
    @Nullable RolloutSnapshot after = place(ctx.request().getParam(AFTER));
    List<RolloutSnapshot> found =
        plane.rollouts().stream()
            .filter(
                rollout -> state == null || Words.of(rollout.getPhase().getWord()).equals(state))
            .filter(rollout -> after == null || NEWEST_FIRST.compare(rollout, after) > 0)
            .sorted(NEWEST_FIRST)
            .limit(Pages.limit(ctx) + 1L)
            .toList();
    Pages.send(
        ctx,
        "rollouts",
        found,
        RolloutJson::summary,
        rollout -> rollout.getCreatedAtMs() + "." + rollout.getRollout(),
        STATE);
  }

  void get(RoutingContext ctx) {
    Answers.rollout(ctx, find(ctx));
  }

  /** The trail of one rollout, at once or as it grows. */
  void events(RoutingContext ctx) {
    String rollout = find(ctx).getRollout();
    if (wantsStream(ctx)) {
      RolloutEventStream.open(ctx, plane, rollout);
      return;
    }
    long after = offset(ctx.request().getParam(AFTER));
    Pages.send(
        ctx,
        "events",
        plane.events(rollout, after, Pages.limit(ctx) + 1),
        RolloutJson::event,
        entry -> Long.toString(entry.offset()));
  }

  /** Everything that changes. */
  void allEvents(RoutingContext ctx) {
    FleetEventStream.open(ctx, plane);
  }

  void assignments(RoutingContext ctx) {
    String rollout = find(ctx).getRollout();
    String state = Pages.word(ctx, STATE, Words.assignmentStates());
    String arm = Pages.word(ctx, ARM, List.of(Labels.of(Arm.TREATMENT), Labels.of(Arm.CONTROL)));
    Predicate<Assignment> condition =
        assignment ->
            (state == null || Words.of(assignment.getState()).equals(state))
                && (arm == null || Labels.of(assignment.getArm()).equals(arm));
    Pages.send(
        ctx,
        "assignments",
        plane.assignments(
            rollout, ctx.request().getParam(AFTER, ""), Pages.limit(ctx) + 1, condition),
        RolloutJson::assignment,
        Assigned::device,
        STATE,
        ARM);
  }

  /** One device's part in one rollout. */
  void assignment(RoutingContext ctx) {
    String rollout = find(ctx).getRollout();
    Assigned assigned = assigned(ctx);
    if (!assigned.assignment().getRollout().equals(rollout)) {
      throw new ProblemException(
          ProblemType.NOT_FOUND,
          assigned.device()
              + " is not in "
              + rollout
              + "; its current or last rollout is "
              + assigned.assignment().getRollout());
    }
    Answers.resource(ctx, RolloutJson.assignment(assigned));
  }

  /** The current or last rollout of a device. */
  void deviceAssignment(RoutingContext ctx) {
    Answers.resource(ctx, RolloutJson.assignment(assigned(ctx)));
  }

  private Assigned assigned(RoutingContext ctx) {
    String device = ctx.pathParam("fleet") + "/" + ctx.pathParam("device");
    Assigned assigned = plane.assignment(device);
    if (assigned == null) {
      throw new ProblemException(
          ProblemType.NOT_FOUND, "no rollout has ever told " + device + " anything");
    }
    return assigned;
  }

  private RolloutSnapshot find(RoutingContext ctx) {
    String id = String.valueOf(ctx.pathParam("id"));
    if (RolloutIds.isPreview(id)) {
      throw new ProblemException(ProblemType.NOT_FOUND, id + " is a preview, not a rollout");
    }
    return Answers.snapshot(plane, id);
  }

  private static boolean wantsStream(RoutingContext ctx) {
    String accept = ctx.request().getHeader(HttpHeaders.ACCEPT);
    return accept != null && accept.contains(EVENT_STREAM);
  }

  private static @Nullable RolloutSnapshot place(@Nullable String after) {
    if (after == null) {
      return null;
    }
    Matcher place = PLACE.matcher(after);
    if (!place.matches()) {
      throw Pages.wrong(AFTER, "'" + after + "' (expected: what the header Link says)");
    }
    return RolloutSnapshot.newBuilder()
        .setCreatedAtMs(Long.parseLong(place.group(1)))
        .setRollout(place.group(2))
        .build();
  }

  private static long offset(@Nullable String after) {
    try {
      return after == null ? -1 : Long.parseLong(after);
    } catch (NumberFormatException e) {
      throw Pages.wrong(AFTER, "'" + after + "' (expected: the id of an event)");
    }
  }
}
