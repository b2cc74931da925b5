package dev.earshot.registry.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.earshot.protocol.Digest;
import dev.earshot.protocol.trust.ImageRepository;
import dev.earshot.registry.InMemoryLedger;
import dev.earshot.registry.TestRelease;
import dev.earshot.registry.TestTrust;
import dev.earshot.registry.blob.BlobStore;
import dev.earshot.registry.gc.GarbageCollector;
import dev.earshot.registry.gc.GcMetrics;
import dev.earshot.registry.ledger.RegistryState;
import dev.earshot.registry.release.Publishing;
import dev.earshot.registry.release.ReleaseContent;
import dev.earshot.registry.release.ReleaseFile;
import dev.earshot.registry.release.ReleaseGate;
import dev.earshot.registry.trust.TrustPlane;
import io.prometheus.client.CollectorRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;

/** The registry's real HTTP on a free port, with a ledger in memory instead of Kafka. */
final class HttpFixture implements AutoCloseable {
  static final String TOKEN = "test-token";
  static final int LONGEST_BLOB = 64 * 1024;
  static final Duration GRACE = Duration.ofHours(24);
  private static final ObjectMapper JSON = new ObjectMapper();

  final InMemoryLedger ledger;
  final TrustPlane trust;
  final CollectorRegistry metrics = new CollectorRegistry();
  final BlobStore store;
  final Router router;
  private final Vertx vertx = Vertx.vertx();
  private final HttpServer server;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  HttpFixture(Path directory) throws IOException {
    this(directory, TestTrust.initialised());
  }

  HttpFixture(Path directory, RegistryState initial) throws IOException {
    this(BlobStore.open(directory, LONGEST_BLOB), initial);
  }

  HttpFixture(BlobStore store) {
    this(store, TestTrust.initialised());
  }

  private HttpFixture(BlobStore store, RegistryState initial) {
    this.ledger = new InMemoryLedger(initial);
    this.store = store;
    InstantSource clock = InstantSource.fixed(TestRelease.NOW);
    ReleaseGate gate = new ReleaseGate(store, ledger::state, clock);
    trust = new TrustPlane(ledger, TestTrust.ONLINE, clock, ImageRepository.Validity.DEFAULT);
    router =
        RegistryRouter.router(
            vertx,
            store,
            new GarbageCollector(
                store, () -> ledger.state().catalog(), GRACE, new GcMetrics(metrics)),
            new Publishing(gate, ledger, clock),
            ledger,
            trust,
            metrics,
            TOKEN);
    server = vertx.createHttpServer().requestHandler(router).listen(0, "127.0.0.1").await();
  }

  URI uri(String path) {
    return URI.create("http://127.0.0.1:" + server.actualPort() + path);
  }

  /** A client of the storage plane that may write. */
  OciClient oci() {
    return new OciClient(uri("/"), "Bearer " + TOKEN);
  }

  /** GET with headers given as name, value, name, value. */
  HttpResponse<byte[]> get(String path, String... headers) {
    HttpRequest.Builder request = HttpRequest.newBuilder(uri(path));
    return send(headers.length == 0 ? request : request.headers(headers));
  }

  HttpResponse<byte[]> post(String path, byte[] body) {
    return send(
        HttpRequest.newBuilder(uri(path))
            .header("Authorization", "Bearer " + TOKEN)
            .POST(BodyPublishers.ofByteArray(body)));
  }

  HttpResponse<byte[]> put(String path, byte[] body) {
    return send(
        HttpRequest.newBuilder(uri(path))
            .header("Authorization", "Bearer " + TOKEN)
            .PUT(BodyPublishers.ofByteArray(body)));
  }

  HttpResponse<byte[]> upload(byte[] content) {
    return post("/v2/hey-nova/blobs/uploads/?digest=" + Digest.of(content), content);
  }

  void upload(ReleaseContent files) {
    for (ReleaseFile file : ReleaseFile.values()) {
      HttpResponse<byte[]> answer = upload(files.of(file));
      if (answer.statusCode() != 201) {
        throw new AssertionError(file + ": " + new String(answer.body(), StandardCharsets.UTF_8));
      }
    }
  }

  HttpResponse<byte[]> send(HttpRequest.Builder request) {
    try {
      return client.send(request.build(), BodyHandlers.ofByteArray());
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  static JsonNode json(HttpResponse<byte[]> answer) {
    try {
      return JSON.readTree(answer.body());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    client.close();
    server.close().await();
    vertx.close().await();
  }
}
