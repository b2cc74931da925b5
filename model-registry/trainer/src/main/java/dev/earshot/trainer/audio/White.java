package dev.earshot.trainer.audio;

/** White noise, uniform in [-1, 1), by xorshift64* (Vigna 2016): fast, and the same everywhere. */
public final class White {
  private long state;

  public White(long seed) {
    this.state = seed == 0 ? 0x9e3779b97f4a7c15L : seed;
  }

  /** The next sample. */
  public double next() {
    state ^= state >>> 12;
    state ^= state << 25;
    state ^= state >>> 27;
    return ((state * 0x2545f4914f6cdd1dL) >> 11) * 0x1.0p-52;
  }
}
