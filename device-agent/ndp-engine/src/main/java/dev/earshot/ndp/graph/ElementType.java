package dev.earshot.ndp.graph;

/** What one element of a tensor is. Only these can be computed with: int4 as weights only. */
public enum ElementType {
  INT8(8),
  INT32(32),
  /**
   * Two values in a byte, the element of lower index in the low nibble, in the order of the
   * flattened tensor; an odd number of elements leaves the last high nibble unused. Constants only.
   */
  INT4(4),
  /** Any other type of the file format; a tensor of it may exist, but no operator may touch it. */
  OTHER(0);

  private final int bits;

  ElementType(int bits) {
    this.bits = bits;
  }

  /** Size of one element in bits; 0 for {@link #OTHER}. */
  public int bits() {
    return bits;
  }

  /** Size of that many elements in whole bytes; 0 for {@link #OTHER}. */
  public long bytes(long elements) {
    return (elements * bits + 7) / 8;
  }
}
