package dev.earshot.cli.bench.mlperf;

import dev.earshot.cli.bench.mlperf.WakeCounts.Count;
import java.util.BitSet;
import java.util.List;

/**
 * How wakes become true and false positives. Both rules hold the moments at which the detector said
 * yes against the windows in which the word was spoken, and count what is outside once a second.
 * Moments and windows are samples; what each rule does at their edges is its original's.
 */
enum WakeRule {
  /**
   * The training folder's evaluation script: an inference's answer is held for one hop, and the
   * last answer ends with the recording. A word is heard by an answer up to 0.5 s after it; answers
   * up to 1 s after it are not false.
   */
  EVALUATION_SCRIPT(0.5, 1.0) {
    @Override
    BitSet moments(Recording recording, List<Integer> detections) {
      BitSet moments = new BitSet(recording.samples());
      for (int detection : detections) {
        int later = recording.inferences() - 1 - detection;
        int end = recording.samples() - later * Recording.HOP;
        moments.set(end - Recording.HOP, end);
      }
      return moments;
    }

    @Override
    int from(double seconds) {
      return Math.max(0, (int) (seconds * Recording.RATE) - 1);
    }

    @Override
    int until(double seconds, double delaySeconds) {
      return (int) (seconds * Recording.RATE) - 1 + (int) (delaySeconds * Recording.RATE);
    }

    @Override
    int quietUntil(int falsePositive) {
      return falsePositive + Recording.RATE;
    }

    @Override
    BitSet hearable(BitSet all, BitSet unexplained) {
      return all;
    }
  },
  /**
   * The benchmark's runner, which times the pulses of a real device: here each pulse is at the end
   * of its inference's window. A word is heard by a pulse up to 2 s after it; a pulse that was
   * heard for one word is not heard for the next.
   */
  RUNNER(2.0, 2.0) {
    @Override
    BitSet moments(Recording recording, List<Integer> detections) {
      BitSet moments = new BitSet(recording.samples());
      detections.forEach(detection -> moments.set(Recording.windowEnd(detection)));
      return moments;
    }

    @Override
    int from(double seconds) {
      return (int) Math.ceil(seconds * Recording.RATE);
    }

    @Override
    int until(double seconds, double delaySeconds) {
      return (int) Math.floor((seconds + delaySeconds) * Recording.RATE) + 1;
    }

    @Override
    int quietUntil(int falsePositive) {
      return falsePositive + Recording.RATE + 1;
    }

    @Override
    BitSet hearable(BitSet all, BitSet unexplained) {
      return unexplained;
    }
  };

  private final double hearingSeconds;
  private final double pardonSeconds;

  /**
   * A rule.
   *
   * @param hearingSeconds after a word's end, in which a wake is one for the word
   * @param pardonSeconds after a word's end, in which a wake is no false one
   */
  WakeRule(double hearingSeconds, double pardonSeconds) {
    this.hearingSeconds = hearingSeconds;
    this.pardonSeconds = pardonSeconds;
  }

  /** The samples at which the detector is seen to say yes. */
  abstract BitSet moments(Recording recording, List<Integer> detections);

  /** The first sample that belongs to a word which begins then. */
  abstract int from(double seconds);

  /** The first sample that no longer belongs to a word which ended then. */
  abstract int until(double seconds, double delaySeconds);

  /** The first sample at which another wake is another false one. */
  abstract int quietUntil(int falsePositive);

  /** The moments that a word may be heard by. */
  abstract BitSet hearable(BitSet all, BitSet unexplained);

  /**
   * Counts.
   *
   * @param detections which of the recording's inferences woke, ascending; the first is 0
   */
  Count count(Recording recording, List<Integer> detections) {
    BitSet all = moments(recording, detections);
    BitSet unexplained = (BitSet) all.clone();
    int truePositives = 0;
    for (Recording.Word word : recording.words()) {
      int from = from(word.startSeconds());
      int found = hearable(all, unexplained).nextSetBit(from);
      if (found >= 0 && found < until(word.endSeconds(), hearingSeconds)) {
        truePositives++;
      }
      unexplained.clear(from, until(word.endSeconds(), pardonSeconds));
    }
    int falsePositives = 0;
    for (int at = unexplained.nextSetBit(0); at >= 0; at = unexplained.nextSetBit(quietUntil(at))) {
      falsePositives++;
    }
    return new Count(truePositives, recording.words().size() - truePositives, falsePositives);
  }
}
