package dev.earshot.agent.device;

import dev.earshot.agent.port.Fetcher;
import dev.earshot.agent.port.Timers;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/**
 * Downloads by HTTP. Each transfer reads on a virtual thread of its own and hands chunks of at most
 * 16 KiB to the agent's thread, never more than four ahead of it. A server that sends nothing for
 * 30 s has lost the connection. Over https the server must be vouched for as the gateway's is; a
 * redirection to http is not followed.
 */
final class HttpFetcher implements Fetcher, AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int CHUNK_BYTES = 16 * 1024;
  private static final int CHUNKS_AHEAD = 4;

  private final AgentLoop loop;
  private final Tls tls;
  private @Nullable HttpClient client; // this and below: guarded by this
  private @Nullable SSLContext context;

  HttpFetcher(AgentLoop loop, Tls tls) {
    this.loop = loop;
    this.tls = tls;
  }

  /** One for all, until a certificate is renewed. */
  private synchronized HttpClient client() throws InvalidCredentials {
    SSLContext now = tls.context();
    HttpClient made = client;
    if (made == null || now != context) {
      made =
          HttpClient.newBuilder()
              .version(HttpClient.Version.HTTP_1_1)
              .followRedirects(HttpClient.Redirect.NORMAL)
              .connectTimeout(Duration.ofSeconds(10))
              .sslContext(now)
              .sslParameters(new SSLParameters(null, Tls.PROTOCOLS))
              .build();
      client = made;
      context = now;
    }
    return made;
  }

  @Override
  public Transfer fetch(Request request, Sink sink) {
    Running running = new Running(request, sink);
    running.begin();
    return running;
  }

  @Override
  public synchronized void close() {
    HttpClient made = client;
    if (made != null) {
      made.shutdownNow();
    }
  }

  private final class Running implements Transfer {
    private final Request request;
    private final Sink sink;
    private final AtomicBoolean over = new AtomicBoolean();
    private final Semaphore ahead = new Semaphore(CHUNKS_AHEAD);
    private @Nullable Thread reader;
    private Timers.@Nullable Timer watchdog; // the agent's thread

    Running(Request request, Sink sink) {
      this.request = request;
      this.sink = sink;
    }

    void begin() {
      URI uri;
      try {
        uri = URI.create(request.url());
        HttpRequest.newBuilder(uri);
      } catch (IllegalArgumentException e) {
        loop.execute(() -> failed(Problem.INVALID_URL, String.valueOf(e.getMessage())));
        return;
      }
      reader = Thread.ofVirtual().name("fetch").start(() -> read(uri));
      watch();
    }

    @Override
    public void cancel() {
      over.set(true);
      stopWatching();
      Thread running = reader;
      if (running != null) {
        running.interrupt();
      }
    }

    private void watch() {
      stopWatching();
      watchdog =
          loop.afterMachine(
              PATIENCE,
              () -> {
                failed(
                    Problem.CONNECTION_LOST,
                    request.url() + ": nothing came for " + PATIENCE.toSeconds() + " s");
                cancel();
              });
    }

    private void stopWatching() {
      Timers.Timer running = watchdog;
      if (running != null) {
        running.cancel();
      }
    }

    private void read(URI uri) {
      HttpRequest.Builder get = HttpRequest.newBuilder(uri).timeout(PATIENCE);
      if (request.offset() > 0) {
        get.header("Range", "bytes=" + request.offset() + "-");
      }
      try {
        HttpResponse<InputStream> response =
            client().send(get.build(), HttpResponse.BodyHandlers.ofInputStream());
        try (InputStream body = response.body()) {
          answered(response, body);
        }
      } catch (IOException e) {
        end(Problem.CONNECTION_LOST, request.url() + ": " + describe(e));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    private void answered(HttpResponse<?> response, InputStream body)
        throws IOException, InterruptedException {
      int status = response.statusCode();
      if (status == 206 && resumesWhereAsked(response)) {
        deliver(body);
      } else if (status == 200) {
        body.skipNBytes(request.offset()); // a server without ranges sends all of it
        deliver(body);
      } else if (status >= 500 || status == 429 || status == 408 || status == 206) {
        end(Problem.CONNECTION_LOST, request.url() + ": HTTP " + status);
      } else {
        end(Problem.NOT_FOUND, request.url() + ": HTTP " + status);
      }
    }

    private boolean resumesWhereAsked(HttpResponse<?> response) {
      return response
          .headers()
          .firstValue("Content-Range")
          .map(range -> range.startsWith("bytes " + request.offset() + "-"))
          .orElse(false);
    }

    private void deliver(InputStream body) throws IOException, InterruptedException {
      byte[] buffer = new byte[CHUNK_BYTES];
      long left = request.maxBytes();
      for (int read = body.read(buffer); read >= 0; read = body.read(buffer)) {
        left -= read;
        if (left < 0) {
          end(Problem.TOO_LONG, request.url() + ": more than " + request.maxBytes() + " bytes");
          return;
        }
        ahead.acquire();
        byte[] chunk = Arrays.copyOf(buffer, read);
        loop.execute(() -> chunk(chunk));
      }
      loop.execute(
          () -> {
            if (over.compareAndSet(false, true)) {
              stopWatching();
              sink.done();
            }
          });
    }

    private void chunk(byte[] bytes) {
      ahead.release();
      if (!over.get()) {
        watch();
        sink.chunk(bytes);
      }
    }

    private void end(Problem problem, String text) {
      loop.execute(() -> failed(problem, text));
    }

    private void failed(Problem problem, String text) {
      if (over.compareAndSet(false, true)) {
        stopWatching();
        sink.failed(problem, text);
      }
    }
  }

  private static String describe(IOException e) {
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }
}
