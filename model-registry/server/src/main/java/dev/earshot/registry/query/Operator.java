package dev.earshot.registry.query;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** How a field is compared with a value. */
enum Operator {
  EQUAL("="),
  NOT_EQUAL("!="),
  LESS("<"),
  AT_MOST("<="),
  GREATER(">"),
  AT_LEAST(">="),
  /** The text contains the value, in any case. */
  CONTAINS("~");

  private final String symbol;

  Operator(String symbol) {
    this.symbol = symbol;
  }

  String symbol() {
    return symbol;
  }

  static Optional<Operator> of(String symbol) {
    String said = symbol.equals("==") ? "=" : symbol;
    return Arrays.stream(values()).filter(one -> one.symbol.equals(said)).findFirst();
  }

  /** Whether an order says yes, given how field and value compare. */
  boolean holds(int compared) {
    return switch (this) {
      case EQUAL -> compared == 0;
      case NOT_EQUAL -> compared != 0;
      case LESS -> compared < 0;
      case AT_MOST -> compared <= 0;
      case GREATER -> compared > 0;
      case AT_LEAST -> compared >= 0;
      case CONTAINS -> throw new IllegalStateException("~ is for text");
    };
  }

  static List<String> symbols() {
    return Arrays.stream(values()).map(Operator::symbol).toList();
  }
}
