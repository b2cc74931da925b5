package dev.earshot.gateway.fuzz;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;

/**
 * What one hostile client does: writes these bytes, in these pieces, and leaves.
 *
 * @param name its seed, or what it is
 * @param pieces each written at once
 */
record FuzzCase(String name, Transport transport, List<byte[]> pieces, Ending ending) {
  /** Devices of all cases: few, so that cases take over one another's sessions now and then. */
  private static final int DEVICES = 400;

  FuzzCase {
    pieces = List.copyOf(pieces);
  }

  /** The case of that seed: the same bytes every time. */
  static FuzzCase of(long seed, List<Transport> transports) {
    SplittableRandom random = new SplittableRandom(seed);
    Transport transport = transports.get(random.nextInt(transports.size()));
    String device = "fuzz/d" + random.nextInt(DEVICES);
    List<byte[]> packets = new Packets(random, random.nextBoolean() ? 5 : 4, device).session();
    for (int mutations = random.nextInt(4); mutations > 0; mutations--) {
      Mutation[] all = Mutation.values();
      all[random.nextInt(all.length)].apply(packets, random);
    }
    if (transport == Transport.WEB_SOCKET) {
      packets = new WebSocketFrames(random).carry(packets);
      if (random.nextInt(4) == 0) {
        // The first piece stays: without its request there is no WebSocket to spoil.
        Mutation.BITS.apply(packets.subList(1, packets.size()), random);
      }
    }
    Ending[] endings = Ending.values();
    return new FuzzCase(
        "seed " + seed, transport, cut(packets, random), endings[random.nextInt(endings.length)]);
  }

  private static List<byte[]> cut(List<byte[]> packets, SplittableRandom random) {
    return switch (random.nextInt(4)) {
      case 0 -> packets;
      case 1, 2 -> List.of(Wire.joined(packets));
      default -> {
        byte[] all = Wire.joined(packets);
        List<byte[]> pieces = new ArrayList<>();
        int longest = random.nextInt(1, 4) == 1 ? 3 : 200;
        for (int at = 0; at < all.length && pieces.size() < 60; ) {
          int end = Math.min(all.length, at + 1 + random.nextInt(longest));
          pieces.add(Arrays.copyOfRange(all, at, end));
          at = end;
        }
        yield pieces;
      }
    };
  }

  /** One line that {@link #parse} reads: name, transport, ending, pieces in hex. */
  String line() {
    StringBuilder line = new StringBuilder(name.replace(' ', '_'));
    line.append(' ').append(transport).append(' ').append(ending);
    pieces.forEach(piece -> line.append(' ').append(HexFormat.of().formatHex(piece)));
    return line.toString();
  }

  static FuzzCase parse(String line) {
    String[] fields = line.split(" ");
    return new FuzzCase(
        fields[0].replace('_', ' '),
        Transport.valueOf(fields[1]),
        Arrays.stream(fields).skip(3).map(HexFormat.of()::parseHex).toList(),
        Ending.valueOf(fields[2]));
  }
}
