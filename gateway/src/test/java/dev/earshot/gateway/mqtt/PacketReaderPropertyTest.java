package dev.earshot.gateway.mqtt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.earshot.gateway.fuzz.Mutation;
import dev.earshot.gateway.fuzz.Packets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;

/** What holds for every stream of bytes, however it is cut. */
class PacketReaderPropertyTest {

  @Property(tries = 500)
  void sameBytes_giveTheSamePackets_howeverTheyAreCut(
      @ForAll long seed, @ForAll boolean v5, @ForAll int mutations) throws Exception {
    byte[] stream = stream(seed, v5, Math.floorMod(mutations, 3));
    ReadPackets atOnce = new ReadPackets(v5);
    List<String> whole = atOnce.give(stream).seen();
    ReadPackets anywhere = new ReadPackets(v5);
    assertEquals(whole, cut(anywhere, stream, seed), "cut anywhere");
    ReadPackets oneByOne = ReadPackets.oneByOne(v5);
    assertEquals(whole, cut(oneByOne, stream, seed), "one packet at a time");
    ReadPackets byteByByte = new ReadPackets(v5);
    for (byte one : stream) {
      byteByByte.give(new byte[] {one});
    }
    assertEquals(whole, byteByByte.seen(), "byte by byte");
    for (ReadPackets packets : List.of(atOnce, anywhere, oneByOne, byteByByte)) {
      assertNothingLeaked(packets);
    }
  }

  @Property(tries = 3_000)
  void spoiledBytes_endWithOneFaultAtMost_andNothingAfterIt(@ForAll long seed, @ForAll boolean v5)
      throws Exception {
    ReadPackets packets = new ReadPackets(v5);
    cut(packets, stream(seed, v5, 4), seed);
    assertEndsWell(packets);
  }

  @Property(tries = 2_000)
  void anyBytes_endWithOneFaultAtMost_andNothingAfterIt(
      @ForAll @Size(max = 200) byte[] bytes, @ForAll boolean v5) throws Exception {
    assertEndsWell(new ReadPackets(v5).give(bytes));
  }

  private static void assertEndsWell(ReadPackets packets) throws Exception {
    List<String> seen = packets.seen();
    long faults = seen.stream().filter(line -> line.startsWith("FAULT")).count();
    assertEquals(packets.fault() == null ? 0 : 1, faults, "faults");
    assertTrue(faults == 0 || seen.getLast().startsWith("FAULT"), "something came after the fault");
    assertNothingLeaked(packets);
  }

  private static void assertNothingLeaked(ReadPackets packets) {
    assertEquals(0, packets.leaked(), "buffers that were not released");
  }

  @Property(tries = 1_000)
  void whatIsKept_isLessThanOnePacket(@ForAll long seed, @ForAll boolean v5) throws Exception {
    SplittableRandom random = new SplittableRandom(seed);
    byte[] stream = stream(seed, v5, 3);
    ReadPackets packets = new ReadPackets(v5);
    for (int at = 0; at < stream.length; ) {
      int end = Math.min(stream.length, at + 1 + random.nextInt(700));
      packets.give(Arrays.copyOfRange(stream, at, end));
      int most = packets.fault() == null ? ReadPackets.MAX_PACKET_BYTES - 1 : 0;
      assertTrue(packets.kept() <= most, packets.kept() + " bytes are kept, of at most " + most);
      at = end;
    }
    assertNothingLeaked(packets);
  }

  /** Several sessions' packets, one behind the other. */
  private static byte[] stream(long seed, boolean v5, int mutations) {
    SplittableRandom random = new SplittableRandom(seed);
    List<byte[]> packets = new ArrayList<>();
    for (int sessions = 1 + random.nextInt(2); sessions > 0; sessions--) {
      packets.addAll(new Packets(random, v5 ? 5 : 4, "fuzz/reader").session());
    }
    for (int i = 0; i < mutations; i++) {
      Mutation.values()[random.nextInt(Mutation.values().length)].apply(packets, random);
    }
    int length = packets.stream().mapToInt(packet -> packet.length).sum();
    byte[] stream = new byte[length];
    int at = 0;
    for (byte[] packet : packets) {
      System.arraycopy(packet, 0, stream, at, packet.length);
      at += packet.length;
    }
    return stream;
  }

  private static List<String> cut(ReadPackets packets, byte[] stream, long seed) throws Exception {
    SplittableRandom random = new SplittableRandom(~seed);
    for (int at = 0; at < stream.length; ) {
      int end = Math.min(stream.length, at + random.nextInt(1 + random.nextInt(1, 500)));
      packets.give(Arrays.copyOfRange(stream, at, end));
      at = end;
    }
    return packets.seen();
  }
}
