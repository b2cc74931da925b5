package dev.earshot.cli.loss;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.earshot.cli.loss.Packets.Packet;
import dev.earshot.cli.loss.Packets.Version;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class PacketsTest {
  @Test
  void connect_isWrittenInBothVersions() throws IOException {
    // type, length; "MQTT"; level; flags: user name, clean; keep alive; client id; user name
    assertArrayEquals(
        hex("10 14  0004 4d515454  04  82  012c  0003 612f62  0003 612f62"),
        Packets.connect(Version.V3, "a/b", 300));
    // The same with no properties behind the keep alive.
    assertArrayEquals(
        hex("10 15  0004 4d515454  05  82  012c  00  0003 612f62  0003 612f62"),
        Packets.connect(Version.V5, "a/b", 300));
  }

  @Test
  void publish_isWrittenInBothVersions_andMarkedWhenRepeated() {
    // type with QoS 1, length; topic; packet id; payload
    assertArrayEquals(
        hex("32 07  0001 74  0102  aabb"),
        Packets.publish(Version.V3, "t", 0x0102, false, hex("aabb")));
    assertArrayEquals(
        hex("3a 08  0001 74  0102  00  aabb"),
        Packets.publish(Version.V5, "t", 0x0102, true, hex("aabb")));
  }

  @Test
  void longPublish_hasALengthOfTwoBytes() {
    byte[] packet = Packets.publish(Version.V3, "t", 1, false, new byte[195]);
    assertArrayEquals(hex("32 c801 0001 74"), Arrays.copyOf(packet, 6));
  }

  @Test
  void puback_hasPacketIdAndCode() throws IOException {
    assertEquals(0x0102, read("40 02 0102").packetId());
    assertEquals(0, read("40 02 0102").acknowledgeCode());
    assertEquals(0x97, read("40 03 0102 97").acknowledgeCode());
  }

  @Test
  void connack_saysHowManyMessagesItTakes() throws IOException {
    assertEquals(5, read("20 02 00 05").connectCode());
    assertEquals(65_535, Packets.receiveMaximum(Version.V3, read("20 02 00 00")));
    assertEquals(65_535, Packets.receiveMaximum(Version.V5, read("20 03 00 00 00")));
    // session expiry, maximum QoS, assigned client id, receive maximum
    assertEquals(
        20,
        Packets.receiveMaximum(
            Version.V5, read("20 11 00 00 0e  11 00000000  24 01  12 0001 78  21 0014")));
  }

  @Test
  void whatIsNoAnswer_isRefused() {
    assertThrows(EOFException.class, () -> Packets.read(-1, in("")));
    assertThrows(EOFException.class, () -> read("40 02 01"));
    assertThrows(IOException.class, () -> read("40 01 01"));
    assertThrows(IOException.class, () -> read("40 ffffffff 00"));
    assertThrows(
        IOException.class, () -> Packets.receiveMaximum(Version.V5, read("20 05 00 00 02 ff 00")));
  }

  private static Packet read(String hex) throws IOException {
    DataInputStream in = in(hex);
    return Packets.read(in.read(), in);
  }

  private static DataInputStream in(String hex) {
    return new DataInputStream(new ByteArrayInputStream(hex(hex)));
  }

  private static byte[] hex(String text) {
    return HexFormat.of().parseHex(text.replace(" ", ""));
  }
}
