package dev.earshot.registry.query;

import dev.earshot.protocol.problem.NearestName;
import java.util.List;

/**
 * Reads a query by recursive descent. {@code not} binds more tightly than {@code and}, {@code and}
 * more than {@code or}.
 */
final class QueryParser {
  private final List<Token> tokens;
  private int at;

  private QueryParser(List<Token> tokens) {
    this.tokens = tokens;
  }

  /**
   * Reads it and checks every comparison against its field's type.
   *
   * @throws QueryException saying where it is wrong and what was expected
   */
  static Condition parse(String query) {
    QueryParser parser = new QueryParser(Token.all(query));
    if (parser.peek().kind() == Token.Kind.END) {
      return new Condition.Always();
    }
    Condition condition = parser.or();
    Token rest = parser.peek();
    if (rest.kind() != Token.Kind.END) {
      throw new QueryException(
          rest.position(), rest.shown() + " (expected: and, or, or the end of the query)");
    }
    return condition;
  }

  private Condition or() {
    Condition left = and();
    while (peek().keyword("or")) {
      next();
      left = new Condition.Or(left, and());
    }
    return left;
  }

  private Condition and() {
    Condition left = not();
    while (peek().keyword("and")) {
      next();
      left = new Condition.And(left, not());
    }
    return left;
  }

  private Condition not() {
    if (peek().keyword("not")) {
      next();
      return new Condition.Not(not());
    }
    if (peek().kind() == Token.Kind.OPEN) {
      Token open = next();
      Condition inner = or();
      if (next().kind() != Token.Kind.CLOSE) {
        throw new QueryException(open.position(), "'(' is not closed");
      }
      return inner;
    }
    return comparison();
  }

  private Condition comparison() {
    ReleaseField field = field(next());
    Token symbol = next();
    Operator operator =
        Operator.of(symbol.text())
            .filter(known -> symbol.kind() == Token.Kind.OPERATOR)
            .orElseThrow(
                () ->
                    new QueryException(
                        symbol.position(),
                        symbol.shown()
                            + " (expected: one of "
                            + String.join(" ", Operator.symbols())
                            + ")"));
    if (!field.type().operators().contains(operator)) {
      throw new QueryException(
          symbol.position(),
          "%s %s (expected: one of %s)"
              .formatted(
                  field.word(),
                  operator.symbol(),
                  String.join(
                      " ", field.type().operators().stream().map(Operator::symbol).toList())));
    }
    return new Condition.Comparison(field, operator, value(field, next()));
  }

  private static ReleaseField field(Token token) {
    if (token.kind() != Token.Kind.WORD) {
      throw new QueryException(
          token.position(), token.shown() + " (expected: a field, such as chip or fah)");
    }
    return ReleaseField.of(token.text())
        .orElseThrow(() -> new QueryException(token.position(), unknownField(token.text())));
  }

  static String unknownField(String word) {
    return "unknown field '%s'%s"
        .formatted(
            word,
            NearestName.of(word, ReleaseField.allWords())
                .map(near -> " (did you mean " + near + "?)")
                .orElseGet(
                    () ->
                        " (expected: one of " + String.join(", ", ReleaseField.allWords()) + ")"));
  }

  private static Comparable<?> value(ReleaseField field, Token token) {
    if (token.kind() != Token.Kind.WORD && token.kind() != Token.Kind.QUOTED) {
      throw new QueryException(
          token.position(), token.shown() + " (expected: a value for " + field.word() + ")");
    }
    try {
      return field.type().parse(token.text());
    } catch (IllegalArgumentException e) {
      throw new QueryException(token.position(), field.word() + ": " + e.getMessage());
    }
  }

  private Token peek() {
    return tokens.get(at);
  }

  /** The last token stays: whoever reads on at the end sees the end. */
  private Token next() {
    Token token = tokens.get(at);
    at = Math.min(at + 1, tokens.size() - 1);
    return token;
  }
}
