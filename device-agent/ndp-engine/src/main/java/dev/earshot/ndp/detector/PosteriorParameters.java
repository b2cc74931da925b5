package dev.earshot.ndp.detector;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Which of a model's outputs are words, and when each of them wakes. Outputs that are not listed
 * are negative classes (silence, other speech) and never wake. Travels with a release.
 *
 * @param words 1 to 63, of different outputs and with different labels; the first is the release's
 *     own, whose scores are reported and tuned
 */
public record PosteriorParameters(List<Word> words) {
  /** What the one word of a release that has no others is called. */
  public static final String WAKE = "wake";

  private static final int MOST_WORDS = 63;

  /**
   * One word.
   *
   * @param label what is reported when it wakes, not empty
   * @param detector its output, threshold, smoothing and refractory time
   */
  public record Word(String label, DetectorParameters detector) {
    public Word {
      if (label.isBlank()) {
        throw new IllegalArgumentException("word label: empty (expected: a name)");
      }
    }
  }

  public PosteriorParameters {
    words = List.copyOf(words);
    if (words.isEmpty() || words.size() > MOST_WORDS) {
      throw new IllegalArgumentException(
          "words: " + words.size() + " (expected: 1 to " + MOST_WORDS + ")");
    }
    Set<Integer> classes = new HashSet<>();
    Set<String> labels = new HashSet<>();
    for (Word word : words) {
      if (!classes.add(word.detector().wakeClass())) {
        throw new IllegalArgumentException(
            "word "
                + word.label()
                + " wakeClass: "
                + word.detector().wakeClass()
                + " is another word's (expected: one of its own)");
      }
      if (!labels.add(word.label())) {
        throw new IllegalArgumentException(
            "word label: '" + word.label() + "' is there twice (expected: different ones)");
      }
    }
  }

  /** One word, called {@value #WAKE}. */
  public static PosteriorParameters of(DetectorParameters detector) {
    return new PosteriorParameters(List.of(new Word(WAKE, detector)));
  }

  /** These words and one more, behind them. */
  public PosteriorParameters and(String label, DetectorParameters detector) {
    List<Word> more = new ArrayList<>(words);
    more.add(new Word(label, detector));
    return new PosteriorParameters(more);
  }

  /** The word whose scores are reported. */
  public Word first() {
    return words.getFirst();
  }

  /**
   * Checks that a model has all these classes.
   *
   * @param outputs of the model
   * @throws IllegalArgumentException naming the class that it does not have
   */
  public void requireOutputs(int outputs) {
    for (Word word : words) {
      if (word.detector().wakeClass() >= outputs) {
        throw new IllegalArgumentException(
            "detector wakeClass: "
                + word.detector().wakeClass()
                + " (expected: below the model's "
                + outputs
                + " outputs)");
      }
    }
  }

  /** The outputs that never wake, ascending. */
  public List<Integer> negativeClasses(int outputs) {
    return IntStream.range(0, outputs)
        .filter(output -> words.stream().noneMatch(word -> word.detector().wakeClass() == output))
        .boxed()
        .toList();
  }

  /**
   * Checks what Syntiant's NDP101 asks of several words: exactly one negative class, the last
   * output. Source: the public thesis repository Gotta003/Syntiant-NDP101.
   *
   * @param outputs of the model
   * @throws IllegalArgumentException naming the negative classes that there are
   */
  public void requireOneNegativeClassLast(int outputs) {
    List<Integer> negative = negativeClasses(outputs);
    if (!negative.equals(List.of(outputs - 1))) {
      throw new IllegalArgumentException(
          "negative classes: "
              + negative
              + " (expected: the last output alone, ["
              + (outputs - 1)
              + "])");
    }
  }
}
