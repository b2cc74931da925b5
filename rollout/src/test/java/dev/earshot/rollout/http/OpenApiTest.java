package dev.earshot.rollout.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.earshot.protocol.v1.Assignment;
import dev.earshot.protocol.v1.ModelRelease;
import dev.earshot.protocol.v1.RolloutEvent;
import dev.earshot.protocol.v1.RolloutRequest;
import dev.earshot.protocol.v1.RolloutSnapshot;
import dev.earshot.rollout.control.ControlPlane;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class OpenApiTest {
  private static final Set<String> METHODS = Set.of("get", "post", "put", "delete", "patch");

  @Test
  void document_describesExactlyTheRoutesThatAreServed() throws IOException {
    Vertx vertx = Vertx.vertx();
    try {
      Router router = Router.router(vertx);
      RolloutApi.mount(router, new NoRollouts(), "token");
      Set<String> served = new TreeSet<>();
      for (Route route : router.getRoutes()) {
        if (route.methods() != null && String.valueOf(route.getPath()).startsWith("/v1/")) {
          route.methods().forEach(method -> served.add(method + " " + route.getPath()));
        }
      }
      assertEquals(described(), served);
    } finally {
      vertx.close();
    }
  }

  private static Set<String> described() throws IOException {
    JsonNode document = new ObjectMapper(new YAMLFactory()).readTree(OpenApi.document().getBytes());
    assertEquals("3.1.0", document.path("openapi").asText());
    Set<String> described = new TreeSet<>();
    document
        .path("paths")
        .properties()
        .forEach(
            path ->
                path.getValue()
                    .fieldNames()
                    .forEachRemaining(
                        method -> {
                          if (METHODS.contains(method)) {
                            described.add(
                                method.toUpperCase(Locale.ROOT)
                                    + " "
                                    + path.getKey().replaceAll("\\{(\\w+)}", ":$1"));
                          }
                        }));
    return described;
  }

  /** A control plane in which nothing has happened yet. */
  private static final class NoRollouts implements ControlPlane {
    @Override
    public Collection<RolloutSnapshot> rollouts() {
      return List.of();
    }

    @Override
    public @Nullable RolloutSnapshot rollout(String id) {
      return null;
    }

    @Override
    public List<RolloutEvent> events(String rollout) {
      return List.of();
    }

    @Override
    public List<Assigned> assignments(String rollout, String after, int limit) {
      return List.of(new Assigned("home/a", Assignment.getDefaultInstance()));
    }

    @Override
    public @Nullable ModelRelease release(String release) {
      return null;
    }

    @Override
    public CompletableFuture<RolloutEvent> submit(RolloutRequest request) {
      return CompletableFuture.failedFuture(new IllegalStateException("nobody answers"));
    }
  }
}
