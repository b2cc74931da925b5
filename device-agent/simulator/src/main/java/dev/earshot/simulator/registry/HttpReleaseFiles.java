package dev.earshot.simulator.registry;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.io.IOException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/** A registry by HTTP. Stages complete on a thread of Vert.x. */
public final class HttpReleaseFiles implements ReleaseFiles {
  private static final long TIMEOUT_MILLIS = 10_000;
  private static final int LONGEST = 16 << 20;

  private final HttpClient client;
  private final String url;

  /**
   * @param url the registry's base address without a trailing slash
   */
  public HttpReleaseFiles(Vertx vertx, String url) {
    this.client =
        vertx.createHttpClient(
            new HttpClientOptions()
                .setConnectTimeout((int) TIMEOUT_MILLIS)
                .setIdleTimeoutUnit(TimeUnit.MILLISECONDS)
                .setIdleTimeout((int) TIMEOUT_MILLIS));
    this.url = url;
  }

  @Override
  public CompletionStage<byte[]> get(String path) {
    String address = url + path;
    RequestOptions options =
        new RequestOptions()
            .setMethod(HttpMethod.GET)
            .setAbsoluteURI(address)
            .setTimeout(TIMEOUT_MILLIS);
    return client
        .request(options)
        .compose(request -> request.send().compose(HttpReleaseFiles::body))
        .map(HttpReleaseFiles::bounded)
        .recover(failure -> Future.failedFuture(named(address, failure)))
        .toCompletionStage();
  }

  /** Asked for on the loop that reads the answer: a body that comes before is dropped. */
  private static Future<Buffer> body(HttpClientResponse response) {
    return response.statusCode() == 200
        ? response.body()
        : Future.failedFuture(
            new IOException("answered " + response.statusCode() + " (expected: 200)"));
  }

  private static IOException named(String address, Throwable failure) {
    return new IOException("GET " + address + ": " + failure.getMessage(), failure);
  }

  private static byte[] bounded(Buffer body) {
    if (body.length() > LONGEST) {
      throw new IllegalArgumentException(
          body.length() + " bytes (expected: at most " + LONGEST + ")");
    }
    return body.getBytes();
  }
}
