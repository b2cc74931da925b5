package dev.earshot.cli.bench.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class AckWindowTest {
  private final AckWindow window = new AckWindow();

  private static ByteBuffer bytes(String hex) {
    return ByteBuffer.wrap(HexFormat.of().parseHex(hex.replace(" ", "")));
  }

  private void send(int messages) {
    for (int i = 0; i < messages; i++) {
      window.next();
    }
  }

  @Test
  void severalInOneRead_areAllCounted() throws IOException {
    assertEquals(1, window.next());
    assertEquals(2, window.next());
    assertEquals(3, window.next());
    assertEquals(2, window.read(bytes("40 02 00 01  40 02 00 02")));
    assertEquals(1, window.inFlight());
    assertEquals(3, window.sent());
    assertEquals(2, window.acknowledged());
  }

  @Test
  void cutAnywhere_goesOnInTheNextRead() throws IOException {
    for (int cut = 1; cut < 8; cut++) {
      AckWindow cutWindow = new AckWindow();
      cutWindow.next();
      cutWindow.next();
      ByteBuffer all = bytes("40 02 00 01  40 02 00 02");
      int first = cutWindow.read(all.slice(0, cut));
      int second = cutWindow.read(all.slice(cut, 8 - cut));
      assertEquals(cut / 4, first, "cut at " + cut);
      assertEquals(2, first + second, "cut at " + cut);
      assertEquals(0, cutWindow.inFlight(), "cut at " + cut);
    }
  }

  @Test
  void byteByByte_isOneAcknowledgement() throws IOException {
    send(1);
    assertEquals(0, window.read(bytes("40")));
    assertEquals(0, window.read(bytes("02")));
    assertEquals(0, window.read(bytes("00")));
    assertEquals(1, window.read(bytes("01")));
  }

  @Test
  void idsGoRound_withoutZero() throws IOException {
    for (int message = 0; message < AckWindow.IDS; message++) {
      int id = window.next();
      window.read(bytes("4002%04x".formatted(id)));
    }
    assertEquals(1, window.next());
    assertEquals(1, window.read(bytes("40 02 00 01")));
  }

  @Test
  void outOfOrder_isAnError_thatSaysWhatWasDue() {
    send(2);
    IOException wrong =
        assertThrows(IOException.class, () -> window.read(bytes("40 02 00 02")));
    assertEquals(
        "the server sent 40020002 (expected: 40020001, a PUBACK)", wrong.getMessage());
  }

  @Test
  void otherPacket_isAnError() {
    send(1);
    assertThrows(IOException.class, () -> window.read(bytes("d0 00 00 01")));
    assertThrows(IOException.class, () -> window.read(bytes("40 03 00 01")));
  }

  @Test
  void acknowledgementOfNothing_isAnError() {
    IOException wrong =
        assertThrows(IOException.class, () -> window.read(bytes("40 02 00 01")));
    assertTrue(String.valueOf(wrong.getMessage()).endsWith("(expected: nothing)"));
  }
}
