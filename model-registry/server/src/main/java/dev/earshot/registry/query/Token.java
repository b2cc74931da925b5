package dev.earshot.registry.query;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A piece of a query.
 *
 * @param position of its first character, from 1
 */
record Token(Kind kind, String text, int position) {
  enum Kind {
    /** A field, a number, an unquoted value, or a keyword. */
    WORD,
    /** A value in quotes. */
    QUOTED,
    OPERATOR,
    OPEN,
    CLOSE,
    END
  }

  private static final String OPERATOR_CHARACTERS = "=!<>~";

  /** Whether this is {@code and}, {@code or} or {@code not}, in any case. */
  boolean keyword(String word) {
    return kind == Kind.WORD && text.toLowerCase(Locale.ROOT).equals(word);
  }

  /** What it looks like to whoever wrote it. */
  String shown() {
    return kind == Kind.END ? "the end" : "'" + text + "'";
  }

  static List<Token> all(String query) {
    List<Token> tokens = new ArrayList<>();
    int at = 0;
    while (at < query.length()) {
      char c = query.charAt(at);
      if (Character.isWhitespace(c)) {
        at++;
      } else {
        Token token = next(query, at);
        tokens.add(token);
        at += token.text.length() + (token.kind == Kind.QUOTED ? 2 : 0);
      }
    }
    tokens.add(new Token(Kind.END, "", query.length() + 1));
    return List.copyOf(tokens);
  }

  private static Token next(String query, int at) {
    char c = query.charAt(at);
    if (c == '(' || c == ')') {
      return new Token(c == '(' ? Kind.OPEN : Kind.CLOSE, String.valueOf(c), at + 1);
    }
    if (c == '"' || c == '\'') {
      int end = query.indexOf(c, at + 1);
      if (end < 0) {
        throw new QueryException(at + 1, "the quote " + c + " is not closed");
      }
      return new Token(Kind.QUOTED, query.substring(at + 1, end), at + 1);
    }
    if (OPERATOR_CHARACTERS.indexOf(c) >= 0) {
      boolean two = at + 1 < query.length() && query.charAt(at + 1) == '=';
      return new Token(Kind.OPERATOR, query.substring(at, at + (two ? 2 : 1)), at + 1);
    }
    int end = at;
    while (end < query.length() && inWord(query.charAt(end))) {
      end++;
    }
    if (end == at) {
      throw new QueryException(
          at + 1, "'" + c + "' (expected: a field, a value, an operator, or a parenthesis)");
    }
    return new Token(Kind.WORD, query.substring(at, end), at + 1);
  }

  private static boolean inWord(char c) {
    return Character.isLetterOrDigit(c) || "._-+:@/".indexOf(c) >= 0;
  }
}
