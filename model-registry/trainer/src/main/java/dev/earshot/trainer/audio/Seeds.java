package dev.earshot.trainer.audio;

import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * Independent random streams by name. A stream depends only on the seed and the words that name it,
 * never on what was drawn before, so work may be done in any order, or twice, with the same result.
 */
public final class Seeds {
  /** An algorithm that the JDK's documentation specifies to the bit. */
  private static final RandomGeneratorFactory<RandomGenerator> ALGORITHM =
      RandomGeneratorFactory.of("L64X128MixRandom");

  private Seeds() {}

  /** The random stream of that name. */
  public static RandomGenerator random(long seed, Object... name) {
    return ALGORITHM.create(derive(seed, name));
  }

  /** A seed for something that brings its own generator. FNV-1a over the words, then mixed. */
  public static long derive(long seed, Object... name) {
    long hash = 0xcbf29ce484222325L ^ mix(seed);
    for (Object word : name) {
      String text = word.toString();
      for (int i = 0; i < text.length(); i++) {
        hash = (hash ^ text.charAt(i)) * 0x100000001b3L;
      }
      hash = (hash ^ 0x1f) * 0x100000001b3L;
    }
    return mix(hash);
  }

  /** Uniform in [low, high). */
  public static double between(RandomGenerator random, double low, double high) {
    return low + (high - low) * random.nextDouble();
  }

  /** The finalizer of SplitMix64 (Steele, Lea, Flood 2014). */
  private static long mix(long value) {
    long z = value + 0x9e3779b97f4a7c15L;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
