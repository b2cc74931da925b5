package dev.earshot.trainer.quantize;

/** In how many bits weights are stored. They are symmetric: their zero point is 0. */
public enum WeightFormat {
  INT8("int8", 127),
  /** Two to a byte, as NDP101 has them; one scale for each output of every layer. */
  INT4("int4", 7);

  private final String label;
  private final int largest;

  WeightFormat(String label, int largest) {
    this.label = label;
    this.largest = largest;
  }

  /** As recipes write it. */
  public String label() {
    return label;
  }

  /** The largest magnitude: one less than the bits could hold, so that the range is symmetric. */
  public int largest() {
    return largest;
  }

  /**
   * The format of this label.
   *
   * @throws IllegalArgumentException when there is none
   */
  public static WeightFormat of(String label) {
    for (WeightFormat format : values()) {
      if (format.label.equals(label)) {
        return format;
      }
    }
    throw new IllegalArgumentException("'" + label + "' (expected: int8 or int4)");
  }
}
