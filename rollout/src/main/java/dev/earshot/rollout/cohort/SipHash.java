package dev.earshot.rollout.cohort;

/**
 * SipHash-2-4 (Aumasson and Bernstein, 2012): a keyed hash of short inputs, 64 bits. Without the
 * key nobody can choose a device id that lands in a wanted arm.
 */
public final class SipHash {
  private static final int COMPRESSION_ROUNDS = 2;
  private static final int FINALIZATION_ROUNDS = 4;

  private long v0;
  private long v1;
  private long v2;
  private long v3;

  private SipHash(long key0, long key1) {
    v0 = key0 ^ 0x736f6d6570736575L;
    v1 = key1 ^ 0x646f72616e646f6dL;
    v2 = key0 ^ 0x6c7967656e657261L;
    v3 = key1 ^ 0x7465646279746573L;
  }

  /**
   * The hash of {@code input}.
   *
   * @param key0 the key's first eight bytes, little endian
   * @param key1 its last eight
   */
  public static long hash(long key0, long key1, byte[] input) {
    SipHash state = new SipHash(key0, key1);
    int whole = input.length & ~7;
    for (int at = 0; at < whole; at += 8) {
      state.absorb(littleEndian(input, at, 8));
    }
    // The last word holds what is left over, and the input's length in its highest byte.
    state.absorb(littleEndian(input, whole, input.length - whole) | (long) input.length << 56);
    state.v2 ^= 0xff;
    state.rounds(FINALIZATION_ROUNDS);
    return state.v0 ^ state.v1 ^ state.v2 ^ state.v3;
  }

  private void absorb(long word) {
    v3 ^= word;
    rounds(COMPRESSION_ROUNDS);
    v0 ^= word;
  }

  private void rounds(int number) {
    for (int round = 0; round < number; round++) {
      v0 += v1;
      v2 += v3;
      v1 = Long.rotateLeft(v1, 13) ^ v0;
      v3 = Long.rotateLeft(v3, 16) ^ v2;
      v0 = Long.rotateLeft(v0, 32);
      v2 += v1;
      v0 += v3;
      v1 = Long.rotateLeft(v1, 17) ^ v2;
      v3 = Long.rotateLeft(v3, 21) ^ v0;
      v2 = Long.rotateLeft(v2, 32);
    }
  }

  private static long littleEndian(byte[] bytes, int from, int count) {
    long word = 0;
    for (int i = 0; i < count; i++) {
      word |= (bytes[from + i] & 0xffL) << (8 * i);
    }
    return word;
  }
}
