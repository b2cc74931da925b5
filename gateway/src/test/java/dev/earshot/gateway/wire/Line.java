package dev.earshot.gateway.wire;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** Carries bytes both ways. One thread sends and one reads. */
sealed interface Line extends AutoCloseable {
  void send(byte[] bytes) throws IOException;

  /**
   * The next byte; -1 when the gateway has closed.
   *
   * @throws SocketTimeoutException when none comes in time
   */
  int read(long patienceMillis) throws IOException;

  @Override
  void close();

  static Line tcp(int port) throws IOException {
    Socket socket = new Socket();
    socket.connect(new InetSocketAddress("127.0.0.1", port), 10_000);
    return new OverSocket(socket);
  }

  static Line tls(int port, SSLContext context) throws IOException {
    return new OverSocket(context.getSocketFactory().createSocket("127.0.0.1", port));
  }

  /** TCP or TLS: a packet may be split at any byte. */
  final class OverSocket implements Line {
    private final Socket socket;
    private final InputStream in;

    OverSocket(Socket socket) throws IOException {
      this.socket = socket;
      socket.setTcpNoDelay(true);
      this.in = socket.getInputStream();
    }

    @Override
    public void send(byte[] bytes) throws IOException {
      socket.getOutputStream().write(bytes);
    }

    @Override
    public int read(long patienceMillis) throws IOException {
      socket.setSoTimeout((int) Math.max(1, patienceMillis));
      return in.read();
    }

    @Override
    public void close() {
      try {
        socket.close();
      } catch (IOException e) {
        throw new AssertionError("a socket does not close", e);
      }
    }
  }

  /** WebSocket: every {@link #send} is one binary message. */
  final class OverWebSocket implements Line, WebSocket.Listener {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final byte[] END = {};

    private final BlockingQueue<byte[]> messages = new LinkedBlockingQueue<>();
    private final HttpClient http;
    private final WebSocket socket;
    private ByteBuffer current = ByteBuffer.allocate(0);
    private volatile int closeStatus;

    /**
     * Connects.
     *
     * @param tls whom to trust, and what to show; null for {@code ws://}
     * @throws java.util.concurrent.CompletionException when the upgrade is refused
     */
    OverWebSocket(URI uri, @Nullable SSLContext tls, String subprotocol) {
      HttpClient.Builder builder = HttpClient.newBuilder().connectTimeout(PATIENCE);
      this.http = tls == null ? builder.build() : builder.sslContext(tls).build();
      WebSocket.Builder upgrade = http.newWebSocketBuilder().connectTimeout(PATIENCE);
      if (!subprotocol.isEmpty()) {
        upgrade.subprotocols(subprotocol);
      }
      this.socket = upgrade.buildAsync(uri, this).join();
    }

    WebSocket socket() {
      return socket;
    }

    /** The status of the gateway's close frame, once {@link #read} has said -1; 0 without one. */
    int closeStatus() {
      return closeStatus;
    }

    @Override
    public void send(byte[] bytes) {
      socket.sendBinary(ByteBuffer.wrap(bytes), true).join();
    }

    @Override
    public int read(long patienceMillis) throws IOException {
      while (!current.hasRemaining()) {
        byte[] next;
        try {
          next = messages.poll(patienceMillis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw new IOException("interrupted", e);
        }
        if (next == null) {
          throw new SocketTimeoutException("nothing came");
        }
        if (next == END) {
          messages.add(END);
          return -1;
        }
        current = ByteBuffer.wrap(next);
      }
      return current.get() & 0xFF;
    }

    @Override
    public @Nullable CompletionStage<?> onBinary(
        WebSocket webSocket, ByteBuffer data, boolean last) {
      byte[] message = new byte[data.remaining()];
      data.get(message);
      if (message.length > 0) {
        messages.add(message);
      }
      webSocket.request(1);
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket webSocket, int status, String reason) {
      closeStatus = status;
      messages.add(END);
      return null;
    }

    @Override
    public void onError(WebSocket webSocket, Throwable error) {
      messages.add(END);
    }

    @Override
    public void close() {
      socket.abort();
      http.shutdownNow();
    }
  }
}
