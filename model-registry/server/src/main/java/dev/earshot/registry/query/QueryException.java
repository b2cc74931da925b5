package dev.earshot.registry.query;

/** A query that can't be read, with where and what was expected. */
public final class QueryException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  private final int position;

  QueryException(int position, String message) {
    super("at character " + position + ": " + message);
    this.position = position;
  }

  /** Where in the query, from 1. */
  public int position() {
    return position;
  }
}
