package dev.earshot.agent.device;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.earshot.agent.port.Fetcher;
import dev.earshot.protocol.clock.FleetClock;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HttpFetcherTest {
  private static final byte[] FILE = new byte[100_000];

  static {
    for (int i = 0; i < FILE.length; i++) {
      FILE[i] = (byte) (i * 7);
    }
  }

  private final AgentLoop loop = new AgentLoop(FleetClock.realTime());
  private final HttpFetcher fetcher =
      new HttpFetcher(loop, new Tls(TlsFiles.NONE, InstantSource.system()));
  private HttpServer server;

  @BeforeEach
  void serve() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/ranged",
        exchange -> {
          String range = exchange.getRequestHeaders().getFirst("Range");
          int from = range == null ? 0 : Integer.parseInt(range.substring(6, range.length() - 1));
          exchange
              .getResponseHeaders()
              .add("Content-Range", "bytes " + from + "-99999/" + FILE.length);
          exchange.sendResponseHeaders(range == null ? 200 : 206, FILE.length - from);
          exchange.getResponseBody().write(FILE, from, FILE.length - from);
          exchange.close();
        });
    server.createContext(
        "/whole",
        exchange -> {
          exchange.sendResponseHeaders(200, FILE.length);
          exchange.getResponseBody().write(FILE);
          exchange.close();
        });
    server.createContext(
        "/busy",
        exchange -> {
          exchange.sendResponseHeaders(503, -1);
          exchange.close();
        });
    server.createContext(
        "/broken",
        exchange -> {
          exchange.sendResponseHeaders(200, FILE.length);
          exchange.getResponseBody().write(FILE, 0, 50_000);
          exchange.getResponseBody().flush();
          exchange.getHttpContext().getServer().stop(0);
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
    fetcher.close();
    loop.close();
  }

  /** What a transfer came to. */
  @SuppressWarnings("ArrayRecordComponent") // compared by nobody
  private record Outcome(byte[] bytes, String end) {}

  private Outcome fetch(String path, long offset, long maxBytes) throws Exception {
    CompletableFuture<Outcome> outcome = new CompletableFuture<>();
    return fetch(
        fetcher, "http://127.0.0.1:" + server.getAddress().getPort() + path, offset, maxBytes);
  }

  private Outcome fetch(HttpFetcher by, String url, long offset, long maxBytes) throws Exception {
    CompletableFuture<Outcome> outcome = new CompletableFuture<>();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    loop.execute(
        () ->
            by.fetch(
                new Fetcher.Request(url, offset, maxBytes),
                new Fetcher.Sink() {
                  @Override
                  public void chunk(byte[] chunk) {
                    bytes.writeBytes(chunk);
                  }

                  @Override
                  public void done() {
                    outcome.complete(new Outcome(bytes.toByteArray(), "done"));
                  }

                  @Override
                  public void failed(Fetcher.Problem problem, String text) {
                    outcome.complete(new Outcome(bytes.toByteArray(), problem.name()));
                  }
                }));
    return outcome.get(20, TimeUnit.SECONDS);
  }

  @Test
  void wholeFile_arrives() throws Exception {
    Outcome outcome = fetch("/ranged", 0, FILE.length);
    assertEquals("done", outcome.end());
    assertArrayEquals(FILE, outcome.bytes());
  }

  @Test
  void restOfAFile_arrivesFromTheOffset() throws Exception {
    Outcome outcome = fetch("/ranged", 70_000, 30_000);
    assertEquals("done", outcome.end());
    assertArrayEquals(Arrays.copyOfRange(FILE, 70_000, FILE.length), outcome.bytes());
  }

  @Test
  void serverWithoutRanges_isSkippedForward() throws Exception {
    Outcome outcome = fetch("/whole", 70_000, 30_000);
    assertEquals("done", outcome.end());
    assertArrayEquals(Arrays.copyOfRange(FILE, 70_000, FILE.length), outcome.bytes());
  }

  @Test
  void moreThanTheBound_isNotTaken() throws Exception {
    Outcome outcome = fetch("/ranged", 0, 40_000);
    assertEquals("TOO_LONG", outcome.end());
    assertEquals(true, outcome.bytes().length <= 40_000);
  }

  @Test
  void serverThatBreaksOff_hasLostTheConnection() throws Exception {
    assertEquals("CONNECTION_LOST", fetch("/broken", 0, FILE.length).end());
  }

  @Test
  void otherAnswers_areToldApart() throws Exception {
    assertEquals("CONNECTION_LOST", fetch("/busy", 0, 10).end());
    assertEquals("NOT_FOUND", fetch("/nothing", 0, 10).end());
    assertEquals("INVALID_URL", fetch("/sp ace", 0, 10).end());
  }

  @Test
  void overHttps_onlyAServerOfTheGivenAuthorityIsBelieved(@TempDir Path folder) throws Exception {
    TestAuthority authority = new TestAuthority("Test CA");
    HttpsServer secure = secure(authority.issue(folder, "server", "localhost", "localhost"));
    try {
      String url = "https://localhost:" + secure.getAddress().getPort() + "/file";
      Path ca = authority.write(folder.resolve("ca.pem"));
      Path other = new TestAuthority("Other CA").write(folder.resolve("other.pem"));
      try (HttpFetcher trusting = trusting(ca);
          HttpFetcher doubting = trusting(other)) {
        assertArrayEquals(FILE, fetch(trusting, url, 0, FILE.length).bytes());
        Outcome refused = fetch(doubting, url, 0, FILE.length);
        assertEquals("CONNECTION_LOST", refused.end());
        assertEquals(0, refused.bytes().length);
      }
    } finally {
      secure.stop(0);
    }
  }

  private HttpFetcher trusting(Path ca) {
    return new HttpFetcher(
        loop,
        new Tls(
            new TlsFiles(Optional.of(ca), Optional.empty(), Optional.empty()),
            InstantSource.system()));
  }

  private static HttpsServer secure(TestAuthority.Issued own) throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setKeyEntry(
        "server",
        PemFile.key(own.key(), "EC"),
        new char[0],
        PemFile.certificates(own.certificate()).toArray(java.security.cert.Certificate[]::new));
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, new char[0]);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), null, null);
    HttpsServer server =
        HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(context));
    server.createContext(
        "/file",
        exchange -> {
          exchange.sendResponseHeaders(200, FILE.length);
          exchange.getResponseBody().write(FILE);
          exchange.close();
        });
    server.start();
    return server;
  }
}
