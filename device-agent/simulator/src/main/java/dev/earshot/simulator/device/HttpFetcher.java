package dev.earshot.simulator.device;

import dev.earshot.agent.port.Fetcher;
import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.net.URI;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Downloads of the devices of one loop, over that loop's connections to the registry. Used, and
 * calling back, on that loop.
 */
public final class HttpFetcher implements Fetcher {
  private static final long IDLE_MILLIS = 30_000;
  private static final int OK = 200;
  private static final int PARTIAL = 206;
  private static final int RANGE_NOT_SATISFIABLE = 416;
  private static final int TOO_MANY_REQUESTS = 429;

  private final HttpClient client;
  private final Context context;

  public HttpFetcher(HttpClient client, Context context) {
    this.client = client;
    this.context = context;
  }

  @Override
  public Transfer fetch(Request request, Sink sink) {
    HttpTransfer transfer = new HttpTransfer(request, sink);
    context.runOnContext(ignored -> transfer.start());
    return transfer::cancel;
  }

  private final class HttpTransfer {
    private final Request request;
    private final Sink sink;
    private @Nullable HttpClientRequest http;
    private long toSkip;
    private long received;
    private boolean ended;

    HttpTransfer(Request request, Sink sink) {
      this.request = request;
      this.sink = sink;
    }

    void start() {
      if (ended) {
        return;
      }
      RequestOptions options = new RequestOptions().setMethod(HttpMethod.GET);
      try {
        options.setAbsoluteURI(URI.create(request.url()).toURL());
      } catch (IllegalArgumentException | java.net.MalformedURLException e) {
        fail(Problem.INVALID_URL, request.url() + ": " + e.getMessage());
        return;
      }
      options.setIdleTimeout(IDLE_MILLIS);
      if (request.offset() > 0) {
        options.putHeader("Range", "bytes=" + request.offset() + "-");
      }
      client
          .request(options)
          .compose(
              open -> {
                http = open;
                return open.send();
              })
          .onSuccess(this::respond)
          .onFailure(failure -> fail(Problem.CONNECTION_LOST, text(failure)));
    }

    void cancel() {
      if (!ended) {
        ended = true;
        abort();
      }
    }

    private void respond(HttpClientResponse response) {
      if (ended) {
        return;
      }
      int status = response.statusCode();
      if (status == OK) {
        toSkip = request.offset(); // a server may ignore Range
      } else if (status == RANGE_NOT_SATISFIABLE) {
        done(); // everything up to the offset is all there is
        return;
      } else if (status != PARTIAL) {
        boolean mayPass = status >= 500 || status == TOO_MANY_REQUESTS;
        fail(
            mayPass ? Problem.CONNECTION_LOST : Problem.NOT_FOUND,
            request.url() + ": the server answered " + status);
        return;
      }
      response
          .exceptionHandler(failure -> fail(Problem.CONNECTION_LOST, text(failure)))
          .endHandler(ignored -> done())
          .handler(this::chunk);
    }

    private void chunk(Buffer buffer) {
      if (ended) {
        return;
      }
      byte[] bytes = buffer.getBytes();
      if (toSkip > 0) {
        int skipped = (int) Math.min(toSkip, bytes.length);
        toSkip -= skipped;
        bytes = Arrays.copyOfRange(bytes, skipped, bytes.length);
      }
      received += bytes.length;
      if (received > request.maxBytes()) {
        fail(Problem.TOO_LONG, request.url() + ": more than " + request.maxBytes() + " bytes");
      } else if (bytes.length > 0) {
        sink.chunk(bytes);
      }
    }

    private void done() {
      if (!ended) {
        ended = true;
        sink.done();
      }
    }

    private void fail(Problem problem, String text) {
      if (!ended) {
        ended = true;
        abort();
        sink.failed(problem, text);
      }
    }

    private void abort() {
      HttpClientRequest open = http;
      if (open != null) {
        var _ = open.reset();
      }
    }

    private String text(Throwable failure) {
      return request.url() + ": " + failure.getMessage();
    }
  }
}
