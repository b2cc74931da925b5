package dev.earshot.agent.update;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a device keeps in mind beside the update itself. Absent in the records of older agents; then
 * it is new.
 *
 * @param untold results that no gateway is known to have, oldest first; at most 8, beyond that the
 *     oldest is lost
 * @param budget what was taken from the network
 * @param figures of the model that listens, as far as its intervals are closed; what a power cut
 *     takes of them is missing from the next trial's comparison
 * @param before figures of the model before, while the one that listens is on trial
 */
public record Books(List<Report> untold, Budget budget, Figures figures, Figures before) {
  static final int MOST_UNTOLD = 8;

  /** Nothing written yet. */
  public static final Books NEW = new Books(List.of(), Budget.NEW, Figures.NONE, Figures.NONE);

  public Books {
    untold = List.copyOf(untold);
  }

  static Books orNew(@Nullable Books books) {
    return books == null ? NEW : books;
  }

  Books owing(Report report) {
    List<Report> next = new ArrayList<>(untold);
    next.removeIf(told -> told.commandId().equals(report.commandId()));
    next.add(report);
    return new Books(
        next.subList(Math.max(0, next.size() - MOST_UNTOLD), next.size()), budget, figures, before);
  }

  Books told(Report report) {
    return new Books(
        untold.stream().filter(owed -> !owed.equals(report)).toList(), budget, figures, before);
  }

  /** With another budget. */
  public Books with(Budget next) {
    return new Books(untold, next, figures, before);
  }

  /** With other figures of the model that listens. */
  public Books with(Figures next) {
    return new Books(untold, budget, next, before);
  }

  /** Another model listens, on trial: it is compared with the one that listened so far. */
  Books trialBegins() {
    return new Books(untold, budget, Figures.NONE, figures);
  }

  /** Its trial begins again. */
  Books trialAgain() {
    return new Books(untold, budget, Figures.NONE, before);
  }

  /** The trial has ended well: there is nothing to compare with any more. */
  Books trialPassed() {
    return new Books(untold, budget, figures, Figures.NONE);
  }

  /** The model before listens again, and goes on where it stopped. */
  Books cameBack() {
    return new Books(untold, budget, before, Figures.NONE);
  }

  /** Another model listens, and nothing is known of it. */
  Books anotherModel() {
    return new Books(untold, budget, Figures.NONE, Figures.NONE);
  }
}
