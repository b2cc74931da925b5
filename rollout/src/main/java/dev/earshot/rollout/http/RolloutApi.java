package dev.earshot.rollout.http;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.earshot.protocol.problem.ProblemException;
import dev.earshot.protocol.problem.ProblemType;
import dev.earshot.rollout.control.ControlPlane;
import dev.earshot.rollout.operator.Operator;
import dev.earshot.rollout.operator.Operators;
import dev.earshot.rollout.operator.Role;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;

/**
 * {@code /v1}: which paths there are and who may use them. Every rollout has an entity tag, its
 * revision; every action names the revision that it was decided on ({@code If-Match}), so that
 * nobody acts on a picture that has changed.
 */
public final class RolloutApi {
  private static final int LONGEST_BODY = 128 * 1024;
  private static final Duration COUNT_WITHIN = Duration.ofSeconds(25);
  private static final Set<Role> EVERYBODY = EnumSet.allOf(Role.class);
  private static final Set<Role> PLANNERS = EnumSet.of(Role.PUBLISHER, Role.OPERATOR);

  private RolloutApi() {}

  /** Adds the routes; {@code /v1} only for operators that are known. */
  public static void mount(Router router, ControlPlane plane, Operators operators) {
    mount(router, plane, operators, COUNT_WITHIN);
  }

  static void mount(Router router, ControlPlane plane, Operators operators, Duration countWithin) {
    router.get("/openapi.yaml").handler(Resource.OPENAPI::send);
    router.route("/v1/*").handler(new Guard(operators)::authenticate);
    router.route("/v1/*").handler(ctx -> requireCopy(ctx, plane));
    router.get("/v1/me").handler(RolloutApi::me);

    RolloutQueries queries = new RolloutQueries(plane);
    get(router, "/v1/rollouts", queries::list);
    get(router, "/v1/rollouts/:id", queries::get);
    get(router, "/v1/rollouts/:id/events", queries::events);
    get(router, "/v1/rollouts/:id/assignments", queries::assignments);
    get(router, "/v1/rollouts/:id/assignments/:fleet/:device", queries::assignment);
    get(router, "/v1/devices/:fleet/:device/assignment", queries::deviceAssignment);
    get(router, "/v1/events", queries::allEvents);
    get(router, "/v1/plan.schema.json", Resource.PLAN_SCHEMA::send);

    RolloutCommands commands = new RolloutCommands(plane);
    post(router, "/v1/rollouts", PLANNERS, commands::create);
    for (Action action : Action.values()) {
      post(
          router,
          "/v1/rollouts/:id/" + action.word(),
          action.roles(),
          ctx -> commands.act(ctx, action));
    }
    Reverts reverts = new Reverts(plane);
    post(router, "/v1/reverts", Set.of(Role.OPERATOR), reverts::cohort);
    post(router, "/v1/devices/:fleet/:device/revert", Set.of(Role.OPERATOR), reverts::device);
    PlanQuestions questions = new PlanQuestions(plane, countWithin);
    post(router, "/v1/plans/validate", PLANNERS, questions::validate);
    post(router, "/v1/plans/preview", PLANNERS, questions::preview);
  }

  private static void get(Router router, String path, Handler<RoutingContext> handler) {
    router.get(path).handler(Guard.allow(EVERYBODY)).handler(handler);
  }

  private static void post(
      Router router, String path, Set<Role> roles, Handler<RoutingContext> handler) {
    // A route of its own: who may not is refused before a body is read.
    router.post(path).handler(Guard.allow(roles));
    router
        .post(path)
        .handler(BodyHandler.create(false).setBodyLimit(LONGEST_BODY))
        .handler(handler);
  }

  /** Nobody is told that something does not exist before everything that exists has been read. */
  private static void requireCopy(RoutingContext ctx, ControlPlane plane) {
    String problem = plane.problem();
    if (!problem.isEmpty()) {
      ctx.response().putHeader(HttpHeaders.RETRY_AFTER, "1");
      throw new ProblemException(ProblemType.UNAVAILABLE, problem + "; try again in a moment");
    }
    ctx.next();
  }

  private static void me(RoutingContext ctx) {
    Operator operator = Guard.operator(ctx);
    ObjectNode node = JsonNodeFactory.instance.objectNode().put("name", operator.name());
    var roles = node.putArray("roles");
    operator.roles().forEach(role -> roles.add(role.word()));
    Answers.resource(ctx, node);
  }
}
