package dev.earshot.registry.query;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Which releases are looked for, and in which order.
 *
 * <p>A query that names {@code environment} asks whether there is an environment of the release for
 * which all of it holds: {@code environment = car and fah < 0.5} are the releases with fewer than
 * one false accept in two hours in cars. Any other query asks about all environments together.
 */
public final class ReleaseQuery {
  /** Longer queries are refused unread. */
  public static final int LONGEST = 1000;

  private final Condition condition;
  private final List<Order> orders;

  private record Order(ReleaseField field, boolean descending) {}

  private ReleaseQuery(Condition condition, List<Order> orders) {
    this.condition = condition;
    this.orders = List.copyOf(orders);
  }

  /**
   * Reads a query and an order.
   *
   * @param where such as {@code chip = ndp120 and fah < 0.5}; empty finds everything
   * @param sort fields separated by commas, with {@code -} before one that is to be descending;
   *     empty keeps the order of the catalog
   * @throws QueryException saying where it is wrong and what was expected
   */
  public static ReleaseQuery parse(String where, String sort) {
    if (where.length() > LONGEST || sort.length() > LONGEST) {
      throw new QueryException(
          LONGEST + 1, "the query is too long (expected: at most " + LONGEST + " characters)");
    }
    return new ReleaseQuery(QueryParser.parse(where), orders(sort));
  }

  private static List<Order> orders(String sort) {
    List<Order> orders = new ArrayList<>();
    int position = 1;
    for (String part : sort.isBlank() ? new String[0] : sort.split(",", -1)) {
      String word = part.strip();
      boolean descending = word.startsWith("-");
      String name = descending ? word.substring(1) : word;
      int here = position;
      orders.add(
          new Order(
              ReleaseField.of(name)
                  .orElseThrow(
                      () -> new QueryException(here, "sort: " + QueryParser.unknownField(name))),
              descending));
      position += part.length() + 1;
    }
    return orders;
  }

  /** Those of the releases that are looked for, in order. */
  public List<Facts> select(List<Facts> all) {
    List<Facts> found = new ArrayList<>();
    for (Facts facts : all) {
      matching(facts).ifPresent(found::add);
    }
    Comparator<Facts> order = (_, _) -> 0;
    for (Order next : orders) {
      order = order.thenComparing((left, right) -> compare(next, left, right));
    }
    found.sort(order);
    return List.copyOf(found);
  }

  /** The facts that the query holds for: of one environment, when it names environments. */
  private Optional<Facts> matching(Facts facts) {
    List<Facts> candidates =
        condition.names(ReleaseField.ENVIRONMENT) ? facts.environments() : List.of(facts);
    return candidates.stream()
        .filter(candidate -> condition.of(candidate) == Condition.Truth.YES)
        .findFirst();
  }

  /** What is unknown comes last, whatever the direction. */
  private static int compare(Order order, Facts left, Facts right) {
    List<? extends Comparable<?>> a = order.field.values(left);
    List<? extends Comparable<?>> b = order.field.values(right);
    if (a.isEmpty() || b.isEmpty()) {
      return Boolean.compare(a.isEmpty(), b.isEmpty());
    }
    int compared = Condition.order(a.getFirst(), b.getFirst());
    return order.descending ? -compared : compared;
  }

  /** Every field with its type and unit, one a line, for people. */
  public static String help() {
    StringBuilder text = new StringBuilder();
    for (ReleaseField field : ReleaseField.values()) {
      text.append(
          String.format(
              Locale.ROOT,
              "%-12s %-8s %-10s %s%n",
              field.word(),
              field.type().name().toLowerCase(Locale.ROOT),
              field.unit(),
              field.meaning()));
    }
    return text.toString();
  }
}
