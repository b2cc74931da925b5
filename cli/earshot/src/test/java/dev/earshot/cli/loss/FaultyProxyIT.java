package dev.earshot.cli.loss;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.earshot.cli.loss.Network.Direction;
import dev.earshot.cli.loss.Network.Speed;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class FaultyProxyIT {
  private static final int SOON_MILLIS = 100;
  private static final byte[] WORD = {1, 2, 3, 4, 5, 6, 7, 8};

  private ServerSocket server;
  private FaultyProxy proxy;
  private Socket client;
  private Socket accepted;

  @BeforeEach
  void connect() throws IOException {
    InetAddress here = InetAddress.getLoopbackAddress();
    server = new ServerSocket();
    server.bind(new InetSocketAddress(here, QuietPort.choose()));
    proxy = new FaultyProxy(QuietPort.choose(), server.getLocalPort());
    client = new Socket(here, proxy.port());
    accepted = server.accept();
  }

  @AfterEach
  void close() throws IOException {
    client.close();
    accepted.close();
    proxy.close();
    server.close();
  }

  @Test
  void healthyNetwork_passesBothWays() throws IOException {
    client.getOutputStream().write(WORD);
    assertArrayEquals(WORD, accepted.getInputStream().readNBytes(WORD.length));
    accepted.getOutputStream().write(WORD);
    assertArrayEquals(WORD, client.getInputStream().readNBytes(WORD.length));
  }

  @Test
  void heldNetwork_keepsWhatWasSent_untilItIsHealed() throws IOException {
    proxy.network().hold(Direction.UP);
    client.getOutputStream().write(WORD);
    accepted.setSoTimeout(SOON_MILLIS);
    assertThrows(SocketTimeoutException.class, () -> accepted.getInputStream().read());
    accepted.getOutputStream().write(WORD);
    assertArrayEquals(WORD, client.getInputStream().readNBytes(WORD.length));
    proxy.network().heal();
    accepted.setSoTimeout(0);
    assertArrayEquals(WORD, accepted.getInputStream().readNBytes(WORD.length));
  }

  @Test
  void cutConnection_endsOnBothSides() {
    assertEquals(1, proxy.cut(1, new SplittableRandom(1)));
    assertTrue(ended(client));
    assertTrue(ended(accepted));
  }

  @Test
  void tornConnection_passesAPartAndEnds() throws IOException {
    proxy.cutInPiece(1, new SplittableRandom(1));
    client.getOutputStream().write(WORD);
    byte[] arrived = accepted.getInputStream().readAllBytes();
    assertTrue(arrived.length > 0 && arrived.length < WORD.length, () -> "" + arrived.length);
    assertTrue(ended(client));
  }

  @Test
  void slowNetwork_takesAtLeastItsLatency() throws IOException {
    proxy.network().slow(new Speed(80, 1 << 20));
    long began = System.nanoTime();
    client.getOutputStream().write(WORD);
    assertArrayEquals(WORD, accepted.getInputStream().readNBytes(WORD.length));
    assertTrue(System.nanoTime() - began >= 80_000_000);
  }

  @Test
  void nobodyBehindIt_clientSeesTheEnd() throws IOException {
    server.close();
    try (Socket second = new Socket(InetAddress.getLoopbackAddress(), proxy.port())) {
      assertTrue(ended(second));
    }
  }

  /** Whether the connection is closed or reset. */
  private static boolean ended(Socket socket) {
    try {
      return socket.getInputStream().read() < 0;
    } catch (IOException e) {
      return true;
    }
  }
}
