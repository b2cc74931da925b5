package dev.earshot.cli.bench.mlperf;

import java.util.List;
import java.util.OptionalDouble;

/** How well a model does its task, by the benchmark's measure for it. */
sealed interface Quality {
  /** One number for a plot's axis, 0 to 1, higher is better; nothing where there is no data. */
  OptionalDouble share();

  /** Whether the closed division's target is reached. */
  Verdict verdict();

  /**
   * Inputs whose largest output is their label's.
   *
   * @param right how many
   * @param total of how many
   * @param target least share
   * @param evaluationInputs inputs of the benchmark's set
   */
  record TopOne(int right, int total, double target, int evaluationInputs) implements Quality {
    public TopOne {
      if (total < 1 || right < 0 || right > total) {
        throw new IllegalArgumentException("right: " + right + " of " + total);
      }
    }

    @Override
    public OptionalDouble share() {
      return OptionalDouble.of((double) right / total);
    }

    @Override
    public Verdict verdict() {
      return total < evaluationInputs
          ? Verdict.UNDECIDED
          : Verdict.of((double) right / total >= target);
    }
  }

  /**
   * How well the reconstruction error tells anomalous sounds from normal ones.
   *
   * @param overFiles area under the curve over all files, as the benchmark's runner computes it
   * @param meanOverMachines mean of each machine's area, as the training scripts compute it; not a
   *     number where the files' names have no machine
   * @param files of which
   * @param target least area
   * @param evaluationInputs files of the benchmark's smallest set
   */
  record Curve(
      double overFiles, double meanOverMachines, int files, double target, int evaluationInputs)
      implements Quality {
    @Override
    public OptionalDouble share() {
      return OptionalDouble.of(overFiles);
    }

    @Override
    public Verdict verdict() {
      return files < evaluationInputs ? Verdict.UNDECIDED : Verdict.of(overFiles >= target);
    }
  }

  /**
   * Wakes in recordings.
   *
   * @param recordings each by both rules
   */
  record Wakes(List<WakeCounts> recordings) implements Quality {
    public Wakes {
      recordings = List.copyOf(recordings);
      if (recordings.isEmpty()) {
        throw new IllegalArgumentException("recordings: none");
      }
    }

    /** Words that were heard, by the evaluation script. */
    @Override
    public OptionalDouble share() {
      long heard = recordings.stream().mapToLong(each -> each.script().truePositives()).sum();
      long missed = recordings.stream().mapToLong(each -> each.script().falseNegatives()).sum();
      return heard + missed == 0
          ? OptionalDouble.empty()
          : OptionalDouble.of((double) heard / (heard + missed));
    }

    @Override
    public Verdict verdict() {
      return recordings.stream()
          .filter(WakeCounts::isWholeBenchmark)
          .findFirst()
          .map(whole -> Verdict.of(whole.runner().withinTarget()))
          .orElse(Verdict.UNDECIDED);
    }
  }

  /**
   * What a release's own evaluation says; nothing was run for it here.
   *
   * @param heard share of wake words that were heard, 0 to 1
   * @param falseAcceptsPerHour wakes in an hour without the word
   */
  record Evaluated(double heard, double falseAcceptsPerHour) implements Quality {
    @Override
    public OptionalDouble share() {
      return OptionalDouble.of(heard);
    }

    @Override
    public Verdict verdict() {
      return Verdict.UNDECIDED;
    }
  }

  /**
   * Nothing can be said.
   *
   * @param reason for people
   */
  record Unknown(String reason) implements Quality {
    @Override
    public OptionalDouble share() {
      return OptionalDouble.empty();
    }

    @Override
    public Verdict verdict() {
      return Verdict.UNDECIDED;
    }
  }
}
