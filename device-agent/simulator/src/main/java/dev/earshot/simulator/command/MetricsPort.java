package dev.earshot.simulator.command;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.earshot.simulator.FleetMetrics;
import dev.earshot.simulator.process.Fleet;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.exporter.common.TextFormat;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** A fleet's metrics over HTTP, on every address of this machine. */
final class MetricsPort implements AutoCloseable {
  private final HttpServer server;

  private MetricsPort(HttpServer server) {
    this.server = server;
  }

  /**
   * Opens it; without a port there is nothing to open.
   *
   * @throws IOException when the port is in use; says so
   */
  static @Nullable MetricsPort open(@Nullable Integer port, Fleet fleet) throws IOException {
    if (port == null) {
      return null;
    }
    CollectorRegistry registry = new CollectorRegistry();
    new FleetMetrics(fleet::report).register(registry);
    HttpServer server;
    try {
      server = HttpServer.create(new InetSocketAddress(port), 0);
    } catch (BindException e) {
      throw new IOException("port " + port + " is in use (fix: another --metrics-port)", e);
    }
    server.createContext("/metrics", exchange -> write(exchange, registry));
    server.start();
    return new MetricsPort(server);
  }

  int port() {
    return server.getAddress().getPort();
  }

  @Override
  public void close() {
    server.stop(0);
  }

  private static void write(HttpExchange exchange, CollectorRegistry registry) throws IOException {
    try (exchange) {
      String type = TextFormat.chooseContentType(exchange.getRequestHeaders().getFirst("Accept"));
      exchange.getResponseHeaders().set("Content-Type", type);
      exchange.sendResponseHeaders(200, 0);
      try (Writer text =
          new BufferedWriter(
              new OutputStreamWriter(exchange.getResponseBody(), StandardCharsets.UTF_8))) {
        TextFormat.writeFormat(type, text, registry.metricFamilySamples());
      }
    }
  }
}
