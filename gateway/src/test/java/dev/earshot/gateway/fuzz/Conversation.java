package dev.earshot.gateway.fuzz;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;

/** Plays a case against a gateway, and checks what it answers. */
final class Conversation {
  /** Longer than the gateway's own deadlines: who is still connected then is forgotten. */
  private static final int CLOSED_WITHIN_MILLIS = 20_000;

  private static final int QUIET_MILLIS = 30;
  private static final int CONNECT_MILLIS = 10_000;

  private final HostileGateway gateway;
  private final SSLContext tls;

  Conversation(HostileGateway gateway, SSLContext tls) {
    this.gateway = gateway;
    this.tls = tls;
  }

  /**
   * Plays it to its end.
   *
   * @throws AssertionError when the gateway says what it must not, or does not close in time
   * @throws IOException when it can't be reached
   */
  List<Answers.Answer> play(FuzzCase fuzz) throws IOException {
    byte[] heard;
    try (Socket socket = open(fuzz.transport())) {
      heard = converse(socket, fuzz);
    }
    return switch (fuzz.transport()) {
      case TCP, TLS -> Answers.read(heard);
      case WEB_SOCKET -> Answers.read(afterHttp(heard));
      case RAW_TLS -> List.of();
    };
  }

  private Socket open(Transport transport) throws IOException {
    Socket socket = new Socket();
    socket.connect(new InetSocketAddress("127.0.0.1", gateway.port(transport)), CONNECT_MILLIS);
    socket.setTcpNoDelay(true);
    if (transport != Transport.TLS) {
      return socket;
    }
    SSLSocket wrapped =
        (SSLSocket) tls.getSocketFactory().createSocket(socket, "127.0.0.1", 0, true);
    wrapped.setSoTimeout(CONNECT_MILLIS);
    wrapped.startHandshake();
    return wrapped;
  }

  private static byte[] converse(Socket socket, FuzzCase fuzz) throws IOException {
    ByteArrayOutputStream heard = new ByteArrayOutputStream();
    try {
      OutputStream out = socket.getOutputStream();
      for (byte[] piece : fuzz.pieces()) {
        out.write(piece);
      }
    } catch (SocketException | SSLException closed) {
      // It had enough of us before we had said everything; what it said may still be there.
    }
    try {
      switch (fuzz.ending()) {
        case HALF_CLOSE -> {
          socket.shutdownOutput();
          socket.setSoTimeout(CLOSED_WITHIN_MILLIS);
          socket.getInputStream().transferTo(heard);
        }
        case READ_THEN_CLOSE -> {
          socket.setSoTimeout(QUIET_MILLIS);
          transferUntilQuiet(socket.getInputStream(), heard);
        }
        case CLOSE -> {}
        case RESET -> socket.setSoLinger(true, 0);
      }
    } catch (SocketTimeoutException e) {
      throw new AssertionError(
          "still open " + CLOSED_WITHIN_MILLIS + " ms after the client's end of it was closed", e);
    } catch (SocketException | SSLException reset) {
      // The gateway closed while bytes of ours were on their way.
    }
    return heard.toByteArray();
  }

  private static void transferUntilQuiet(InputStream in, ByteArrayOutputStream heard)
      throws IOException {
    try {
      in.transferTo(heard);
    } catch (SocketTimeoutException quiet) {
      // That is the end of it.
    }
  }

  private static byte[] afterHttp(byte[] heard) {
    String text = new String(heard, ISO_8859_1);
    int end = text.indexOf("\r\n\r\n");
    if (!text.startsWith("HTTP/1.1 101 ") || end < 0) {
      // Refused before it was a WebSocket.
      return new byte[0];
    }
    return WebSocketFrames.carried(Arrays.copyOfRange(heard, end + 4, heard.length));
  }
}
