package dev.earshot.service;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.earshot.protocol.problem.Problem;
import dev.earshot.protocol.problem.ProblemException;
import dev.earshot.protocol.problem.ProblemType;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.exporter.common.TextFormat;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The HTTP that every service has: {@code /health/live}, {@code /health/ready}, {@code /metrics},
 * errors as problem details, and bearer tokens. Handlers run on the event loop.
 */
public final class HttpEdge {
  private static final Logger LOG = LoggerFactory.getLogger(HttpEdge.class);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String BEARER = "Bearer ";

  private HttpEdge() {}

  /** A router with the operations routes, and with problem details for every failure below it. */
  public static Router router(Vertx vertx, Health health, CollectorRegistry metrics) {
    Router router = Router.router(vertx);
    router.get("/health/live").handler(ctx -> json(ctx, 200, Map.of("status", "live")));
    router
        .get("/health/ready")
        .handler(
            ctx -> {
              Map<String, String> problems = health.problems();
              if (problems.isEmpty()) {
                json(ctx, 200, Map.of("status", "ready"));
              } else {
                json(ctx, 503, Map.of("status", "not ready", "problems", problems));
              }
            });
    router.get("/metrics").handler(ctx -> metrics(ctx, metrics));
    router.route().failureHandler(HttpEdge::fail);
    for (int status : new int[] {400, 404, 405, 406, 413, 415, 500}) {
      router.errorHandler(status, HttpEdge::fail);
    }
    return router;
  }

  /**
   * Lets only requests with that bearer token pass; compares in constant time. An empty token
   * refuses everything: a service whose token was not configured fails closed.
   */
  public static Handler<RoutingContext> bearer(String token) {
    byte[] expected = token.getBytes(StandardCharsets.UTF_8);
    return ctx -> {
      String header = ctx.request().getHeader(HttpHeaders.AUTHORIZATION);
      if (header == null || !header.startsWith(BEARER)) {
        ctx.response().putHeader("WWW-Authenticate", "Bearer realm=\"earshot\"");
        ctx.fail(
            new ProblemException(
                ProblemType.UNAUTHENTICATED, "send the header Authorization: Bearer <token>"));
        return;
      }
      byte[] given = header.substring(BEARER.length()).strip().getBytes(StandardCharsets.UTF_8);
      if (expected.length == 0 || !MessageDigest.isEqual(expected, given)) {
        ctx.response().putHeader("WWW-Authenticate", "Bearer error=\"invalid_token\"");
        ctx.fail(
            new ProblemException(ProblemType.UNAUTHENTICATED, "the bearer token is not valid"));
        return;
      }
      ctx.next();
    };
  }

  /** Answers with a value as JSON. */
  public static void json(RoutingContext ctx, int status, Object value) {
    send(ctx, status, "application/json", value);
  }

  /** Answers with problem details. */
  public static void problem(RoutingContext ctx, Problem problem) {
    send(ctx, problem.status(), Problem.MEDIA_TYPE, problem);
  }

  private static void send(RoutingContext ctx, int status, String mediaType, Object value) {
    try {
      ctx.response()
          .setStatusCode(status)
          .putHeader(HttpHeaders.CONTENT_TYPE, mediaType)
          .end(Buffer.buffer(JSON.writeValueAsBytes(value)));
    } catch (JsonProcessingException e) {
      ctx.fail(500, e);
    }
  }

  private static void metrics(RoutingContext ctx, CollectorRegistry metrics) {
    StringWriter text = new StringWriter();
    try {
      String type = TextFormat.chooseContentType(ctx.request().getHeader(HttpHeaders.ACCEPT));
      TextFormat.writeFormat(type, text, ProcessMetrics.appendedTo(metrics.metricFamilySamples()));
      ctx.response().putHeader(HttpHeaders.CONTENT_TYPE, type).end(text.toString());
    } catch (IOException e) {
      ctx.fail(500, e);
    }
  }

  private static void fail(RoutingContext ctx) {
    if (ctx.response().ended()) {
      return;
    }
    if (ctx.response().headWritten()) {
      ctx.response().reset();
      return;
    }
    Throwable failure = ctx.failure();
    if (failure instanceof ProblemException problem) {
      problem(ctx, problem.problem());
    } else if (failure instanceof IllegalArgumentException invalid) {
      problem(ctx, Problem.of(ProblemType.INVALID_REQUEST, String.valueOf(invalid.getMessage())));
    } else {
      problem(ctx, byStatus(ctx, failure));
    }
  }

  private static Problem byStatus(RoutingContext ctx, @Nullable Throwable failure) {
    String what = ctx.request().method() + " " + ctx.request().path();
    return switch (ctx.statusCode()) {
      case 404 -> Problem.of(ProblemType.NOT_FOUND, what + ": no such resource");
      case 405 ->
          Problem.of(ProblemType.METHOD_NOT_ALLOWED, what + ": not a method of this resource");
      case 413 -> Problem.of(ProblemType.PAYLOAD_TOO_LARGE, what + ": the body is too large");
      case 400, 406, 415 -> Problem.of(ProblemType.INVALID_REQUEST, what + ": malformed request");
      default -> {
        LOG.error("{} failed", what, failure);
        yield Problem.of(ProblemType.INTERNAL, what + ": see the service's log");
      }
    };
  }
}
