package dev.earshot.rollout.study;

import java.util.Arrays;

/** Numbers kept in ascending order while they come and go. Not thread-safe. */
final class SortedSample {
  private double[] values;
  private int size;

  SortedSample(int capacity) {
    values = new double[Math.max(1, capacity)];
  }

  /** Of {@code values}, which are copied. */
  static SortedSample of(double... values) {
    SortedSample sample = new SortedSample(0);
    sample.values = values.clone();
    sample.size = values.length;
    Arrays.sort(sample.values);
    return sample;
  }

  void add(double value) {
    if (size == values.length) {
      values = Arrays.copyOf(values, 2 * size);
    }
    int at = position(value);
    System.arraycopy(values, at, values, at + 1, size - at);
    values[at] = value;
    size++;
  }

  /** Replaces one {@code old} by a larger value. */
  void raise(double old, double value) {
    int from = Arrays.binarySearch(values, 0, size, old);
    if (from < 0) {
      throw new IllegalArgumentException("old: " + old + " (expected: a number of the sample)");
    }
    int to = position(value) - 1;
    System.arraycopy(values, from + 1, values, from, to - from);
    values[to] = value;
  }

  private int position(double value) {
    int found = Arrays.binarySearch(values, 0, size, value);
    return found >= 0 ? found : -found - 1;
  }

  int size() {
    return size;
  }

  /** The i-th smallest, from 0. */
  double get(int i) {
    return values[i];
  }
}
