package dev.earshot.ndp.fuzz;

/**
 * A value in a file that means something.
 *
 * @param position of its first byte
 * @param kind what it means, and so how many bytes it has
 */
record Site(int position, Kind kind) {
  /** What a value means to the FlatBuffer format or to the schema. */
  enum Kind {
    /** Distance from here to a table, vector or string. */
    OFFSET(4),
    /** Distance from a table back to its vtable. */
    VTABLE_OFFSET(4),
    /** In a vtable: its size, the table's size, or where a field lies. */
    VTABLE_ENTRY(2),
    /** How many elements a vector has. */
    LENGTH(4),
    /** A number, an index or an enum. */
    INT32(4),
    INT64(8),
    FLOAT32(4),
    INT8(1);

    private final int bytes;

    Kind(int bytes) {
      this.bytes = bytes;
    }

    int bytes() {
      return bytes;
    }
  }
}
