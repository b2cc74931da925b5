package dev.earshot.protocol.document;

import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.NumericNode;

/** Numbers as people write them: 5, not 5.0. */
public final class Numbers {
  private Numbers() {}

  /** The shortest text of it. */
  public static String plain(double value) {
    return node(value).asText();
  }

  /** Reads back as exactly that double. */
  public static NumericNode node(double value) {
    long whole = (long) value;
    return Double.compare(whole, value) == 0 && whole != Long.MAX_VALUE
        ? LongNode.valueOf(whole)
        : DoubleNode.valueOf(value);
  }
}
