package dev.earshot.rollout.http;

import dev.earshot.protocol.problem.ProblemException;
import dev.earshot.protocol.problem.ProblemType;
import dev.earshot.rollout.operator.Operator;
import dev.earshot.rollout.operator.Operators;
import dev.earshot.rollout.operator.Role;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Lets in who is known (else 401) and may do what they ask for (else 403). */
final class Guard {
  private static final String BEARER = "Bearer ";
  private static final String OPERATOR = "operator";

  private final Operators operators;

  Guard(Operators operators) {
    this.operators = operators;
  }

  /** Finds out who asks. */
  void authenticate(RoutingContext ctx) {
    String header = ctx.request().getHeader(HttpHeaders.AUTHORIZATION);
    if (header == null || !header.startsWith(BEARER)) {
      refuse(ctx, "Bearer realm=\"earshot\"", "send the header Authorization: Bearer <token>");
      return;
    }
    // A body that comes meanwhile waits for its reader.
    ctx.request().pause();
    operators
        .bearer(header.substring(BEARER.length()).strip())
        .onComplete(
            found -> {
              ctx.request().resume();
              Optional<Operator> operator = found.succeeded() ? found.result() : Optional.empty();
              if (operator.isEmpty()) {
                refuse(
                    ctx,
                    "Bearer error=\"invalid_token\"",
                    "the bearer token is not known, or is not valid any more");
                return;
              }
              ctx.put(OPERATOR, operator.get());
              ctx.next();
            });
  }

  /** Lets only people pass that have one of the roles. */
  static Handler<RoutingContext> allow(Set<Role> roles) {
    return ctx -> {
      require(ctx, roles, ctx.request().method() + " " + ctx.request().path());
      ctx.next();
    };
  }

  /** Refuses people that have none of the roles. */
  static void require(RoutingContext ctx, Set<Role> roles, String what) {
    Operator operator = operator(ctx);
    if (!operator.hasAny(roles)) {
      throw new ProblemException(
          ProblemType.FORBIDDEN,
          what
              + " needs the role "
              + words(roles, " or ")
              + "; "
              + operator.name()
              + " has "
              + (operator.roles().isEmpty() ? "none" : words(operator.roles(), ", ")));
    }
  }

  /** Who asks. */
  static Operator operator(RoutingContext ctx) {
    Operator operator = ctx.get(OPERATOR);
    if (operator == null) {
      throw new IllegalStateException("a route without authentication asks who it is");
    }
    return operator;
  }

  private static void refuse(RoutingContext ctx, String challenge, String detail) {
    ctx.response().putHeader("WWW-Authenticate", challenge);
    ctx.fail(new ProblemException(ProblemType.UNAUTHENTICATED, detail));
  }

  private static String words(Set<Role> roles, String between) {
    return roles.stream().sorted().map(Role::word).collect(Collectors.joining(between));
  }
}
