package dev.earshot.cli.loss;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/** What the devices of the generator live through, added up. Safe for use by several threads. */
final class Tally {
  /** Findings of one kind that are kept; more are only counted. */
  private static final int KEPT = 20;

  final LongAdder published = new LongAdder();
  final LongAdder repeated = new LongAdder();
  final LongAdder acknowledged = new LongAdder();
  final LongAdder connections = new LongAdder();
  final LongAdder refusedConnections = new LongAdder();
  final LongAdder silences = new LongAdder();

  private final List<String> wrongAnswers = new ArrayList<>();
  private long wrong;
  private long lastNanos = System.nanoTime();
  private long longestGapNanos;

  /** A message was acknowledged to some device. */
  synchronized void acknowledged(long nowNanos) {
    acknowledged.increment();
    longestGapNanos = Math.max(longestGapNanos, nowNanos - lastNanos);
    lastNanos = Math.max(lastNanos, nowNanos);
  }

  /** The gateway has answered what it must not. */
  synchronized void wrongAnswer(String what) {
    wrong++;
    if (wrongAnswers.size() < KEPT) {
      wrongAnswers.add(what);
    }
  }

  /** The first of the wrong answers. */
  synchronized List<String> wrongAnswers() {
    return wrong > KEPT ? plus(wrong - KEPT) : List.copyOf(wrongAnswers);
  }

  /** The longest time in which no message of any device was acknowledged, ms. */
  synchronized long longestGapMillis() {
    return longestGapNanos / 1_000_000;
  }

  private List<String> plus(long more) {
    List<String> all = new ArrayList<>(wrongAnswers);
    all.add("and " + more + " more");
    return all;
  }
}
