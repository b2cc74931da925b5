package dev.earshot.rollout.http;

import dev.earshot.rollout.control.ControlPlane;
import dev.earshot.rollout.operator.OperatorSettings;
import dev.earshot.rollout.operator.Operators;
import dev.earshot.service.Health;
import dev.earshot.service.HttpEdge;
import io.prometheus.client.CollectorRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import java.net.BindException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The HTTP server of the service, with an event loop of its own. */
public final class RolloutHttp implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RolloutHttp.class);
  private static final int WITHIN_SECONDS = 20;

  private final Vertx vertx;
  private final HttpServer server;

  private RolloutHttp(Vertx vertx, HttpServer server) {
    this.vertx = vertx;
    this.server = server;
  }

  /**
   * Starts listening.
   *
   * @param port 0: any free one
   * @param operators who may do what
   * @throws IllegalStateException saying why it can't, and what to do
   */
  public static RolloutHttp start(
      String host,
      int port,
      OperatorSettings operators,
      ControlPlane plane,
      Health health,
      CollectorRegistry metrics) {
    Vertx vertx = Vertx.vertx();
    try {
      Router router = HttpEdge.router(vertx, health, metrics);
      RolloutApi.mount(router, plane, Operators.open(vertx, operators));
      HttpServer server =
          vertx
              .createHttpServer()
              .requestHandler(router)
              .listen(port, host)
              .toCompletionStage()
              .toCompletableFuture()
              .get(WITHIN_SECONDS, TimeUnit.SECONDS);
      return new RolloutHttp(vertx, server);
    } catch (IllegalStateException e) {
      vertx.close();
      throw e;
    } catch (ExecutionException e) {
      vertx.close();
      throw new IllegalStateException(
          e.getCause() instanceof BindException
              ? "port "
                  + port
                  + " is in use; stop what listens there, or set another with EARSHOT_HTTP_PORT"
              : "can't listen on port " + port + ": " + e.getCause(),
          e);
    } catch (TimeoutException e) {
      vertx.close();
      throw new IllegalStateException("port " + port + " did not open in time", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      vertx.close();
      throw new IllegalStateException("interrupted while starting", e);
    }
  }

  /** Where it listens. */
  public int port() {
    return server.actualPort();
  }

  @Override
  public void close() {
    try {
      vertx.close().toCompletionStage().toCompletableFuture().get(WITHIN_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      LOG.warn("HTTP did not close cleanly: {}", e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
