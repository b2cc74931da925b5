package dev.earshot.ndp.graph;

/** What one element of a tensor is. Only int8 and int32 can be computed with. */
public enum ElementType {
  INT8(1),
  INT32(4),
  /** Real numbers, which a model may only have at its input and output. */
  FLOAT32(4),
  /** Any other type of the file format; a tensor of it may exist, but no operator may touch it. */
  OTHER(0);

  private final int bytes;

  ElementType(int bytes) {
    this.bytes = bytes;
  }

  /** Size of one element in bytes; 0 for {@link #OTHER}. */
  public int bytes() {
    return bytes;
  }
}
