package dev.earshot.protocol.problem;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Guesses what was meant by a name that nobody knows, for messages to people. */
public final class NearestName {
  private static final int SHORTEST_BEGINNING = 4;
  private static final int LONGEST = 200;

  private NearestName() {}

  /**
   * The known name that differs in the fewest letters, in at most a third of them; else the first
   * one of which {@code name} is the beginning, or the other way round. Empty when nothing is near.
   */
  public static Optional<String> of(String name, Collection<String> known) {
    if (name.length() > LONGEST) {
      return Optional.empty();
    }
    Optional<String> nearest =
        known.stream()
            .min(
                Comparator.<String>comparingInt(candidate -> distance(name, candidate))
                    .thenComparing(Comparator.naturalOrder()))
            .filter(candidate -> distance(name, candidate) <= name.length() / 3);
    return nearest.isPresent()
        ? nearest
        : known.stream()
            .sorted()
            .filter(candidate -> oneBeginsTheOther(name, candidate))
            .findFirst();
  }

  private static boolean oneBeginsTheOther(String a, String b) {
    return Math.min(a.length(), b.length()) >= SHORTEST_BEGINNING
        && (a.startsWith(b) || b.startsWith(a));
  }

  /**
   * Letters to insert, to drop, to change, or neighbours to swap: the distance of Damerau and
   * Levenshtein, in the form in which no part is edited twice.
   */
  private static int distance(String a, String b) {
    int[][] edits = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      edits[i][0] = i;
    }
    for (int j = 0; j <= b.length(); j++) {
      edits[0][j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      for (int j = 1; j <= b.length(); j++) {
        boolean same = a.charAt(i - 1) == b.charAt(j - 1);
        int fewest = Math.min(edits[i - 1][j], edits[i][j - 1]) + 1;
        fewest = Math.min(fewest, edits[i - 1][j - 1] + (same ? 0 : 1));
        boolean swapped =
            i > 1
                && j > 1
                && a.charAt(i - 1) == b.charAt(j - 2)
                && a.charAt(i - 2) == b.charAt(j - 1);
        edits[i][j] = swapped ? Math.min(fewest, edits[i - 2][j - 2] + 1) : fewest;
      }
    }
    return edits[a.length()][b.length()];
  }
}
