package dev.earshot.gateway.fuzz;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/** Puts packets into WebSocket frames (RFC 6455, section 5), right or with a fault. */
final class WebSocketFrames {
  private static final int CONTINUATION = 0;
  private static final int TEXT = 1;
  private static final int BINARY = 2;
  private static final int CLOSE = 8;
  private static final int PING = 9;
  private static final int PONG = 10;
  private static final int FINAL = 0x80;

  private final RandomGenerator random;

  WebSocketFrames(RandomGenerator random) {
    this.random = random;
  }

  /** The request that opens it, as it should be. */
  static byte[] request(String path, String subprotocol) {
    return ("GET "
            + path
            + " HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: "
            + subprotocol
            + "\r\nSec-WebSocket-Version: 13\r\n\r\n")
        .getBytes(ISO_8859_1);
  }

  /** A final, masked binary frame. */
  static byte[] binary(byte[] payload) {
    return frame(FINAL | BINARY, payload, payload.length, 0x01020304);
  }

  /** The whole of a connection: the request, and the packets in frames. */
  List<byte[]> carry(List<byte[]> packets) {
    List<byte[]> out = new ArrayList<>();
    out.add(random.nextInt(20) == 0 ? spoiledRequest() : request("/mqtt", "mqtt"));
    boolean faulty = random.nextInt(3) > 0;
    for (byte[] packet : packets) {
      if (faulty && random.nextInt(6) == 0) {
        out.add(fault(packet));
      } else if (random.nextInt(3) == 0 && packet.length > 1) {
        fragments(packet, out);
      } else {
        out.add(frame(FINAL | BINARY, packet, packet.length, random.nextInt()));
      }
      if (faulty && random.nextInt(4) == 0) {
        pings(out);
      }
    }
    return out;
  }

  private void fragments(byte[] packet, List<byte[]> out) {
    int cut = 1 + random.nextInt(packet.length - 1);
    byte[] head = Arrays.copyOf(packet, cut);
    byte[] tail = Arrays.copyOfRange(packet, cut, packet.length);
    out.add(frame(BINARY, head, head.length, random.nextInt()));
    if (random.nextBoolean()) {
      out.add(frame(FINAL | PING, new byte[4], 4, random.nextInt()));
    }
    out.add(frame(FINAL | CONTINUATION, tail, tail.length, random.nextInt()));
  }

  private void pings(List<byte[]> out) {
    for (int count = random.nextInt(30); count > 0; count--) {
      byte[] payload = new byte[random.nextInt(126)];
      out.add(frame(FINAL | (random.nextBoolean() ? PING : PONG), payload, payload.length, count));
    }
  }

  private byte[] fault(byte[] payload) {
    int length = payload.length;
    return switch (random.nextInt(10)) {
      case 0 -> frame(FINAL | TEXT, payload, length, random.nextInt());
      case 1 -> unmasked(FINAL | BINARY, payload, length);
      case 2 -> frame(FINAL | BINARY, payload, length + 1 + random.nextInt(5), 7);
      case 3 -> frame(FINAL | BINARY, payload, random.nextLong(), 7);
      case 4 -> frame(random.nextInt(256), payload, length, 7);
      case 5 -> frame(FINAL | CONTINUATION, payload, length, 7);
      case 6 -> frame(BINARY, payload, length, 7);
      case 7 -> frame(FINAL | PING, new byte[200], 200, 7);
      case 8 -> frame(FINAL | CLOSE, new byte[] {3}, 1, 7);
      default -> frame(FINAL | BINARY, new byte[0], 0, 7);
    };
  }

  private byte[] spoiledRequest() {
    return switch (random.nextInt(6)) {
      case 0 -> request("/elsewhere", "mqtt");
      case 1 -> request("/mqtt", "chat");
      case 2 -> request("/mqtt" + "x".repeat(random.nextInt(20_000)), "mqtt");
      case 3 -> request("/mqtt", "mqtt\r\nX-Long: " + "y".repeat(random.nextInt(40_000)));
      case 4 -> "GET /mqtt HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".getBytes(ISO_8859_1);
      default -> {
        byte[] request = request("/mqtt", "mqtt");
        request[random.nextInt(request.length)] = (byte) random.nextInt(256);
        yield request;
      }
    };
  }

  /**
   * A masked frame.
   *
   * @param claimed the length that it says it has, in eight bytes when it is negative
   */
  static byte[] frame(int first, byte[] payload, long claimed, int mask) {
    Wire frame = Wire.wire().u8(first);
    length(frame, claimed, 0x80);
    frame.u32(mask);
    byte[] masked = payload.clone();
    for (int i = 0; i < masked.length; i++) {
      masked[i] ^= (byte) (mask >>> 8 * (3 - i % 4));
    }
    return frame.raw(masked).bytes();
  }

  static byte[] unmasked(int first, byte[] payload, long claimed) {
    Wire frame = Wire.wire().u8(first);
    length(frame, claimed, 0);
    return frame.raw(payload).bytes();
  }

  private static void length(Wire frame, long length, int maskBit) {
    if (length >= 0 && length < 126) {
      frame.u8(maskBit | (int) length);
    } else if (length >= 0 && length < 0x10000) {
      frame.u8(maskBit | 126).u16((int) length);
    } else {
      frame.u8(maskBit | 127).u32((int) (length >>> 32)).u32((int) length);
    }
  }

  /**
   * What the server's frames carry in binary messages, from the bytes after its HTTP answer.
   *
   * @throws AssertionError when these are no frames that a server may send
   */
  static byte[] carried(byte[] bytes) {
    Wire carried = Wire.wire();
    int at = 0;
    while (at + 2 <= bytes.length) {
      int opcode = bytes[at] & 0x0F;
      int length = bytes[at + 1] & 0xFF;
      int start = at + 2;
      if ((bytes[at] & 0x70) != 0 || length > 127) {
        throw new AssertionError("a frame of the gateway is masked or has reserved bits set");
      }
      if (length >= 126) {
        int extra = length == 126 ? 2 : 8;
        if (start + extra > bytes.length) {
          break;
        }
        length = 0;
        for (int i = 0; i < extra; i++) {
          length = length << 8 | bytes[start + i] & 0xFF;
        }
        start += extra;
      }
      if (opcode != BINARY && opcode != CONTINUATION && opcode != CLOSE && opcode != PONG) {
        throw new AssertionError("a frame of the gateway has opcode " + opcode);
      }
      int end = Math.min(bytes.length, start + length);
      if (opcode == BINARY || opcode == CONTINUATION) {
        carried.raw(Arrays.copyOfRange(bytes, start, end));
      }
      at = start + length;
    }
    return carried.bytes();
  }
}
