package dev.earshot.agent.port;

import java.io.IOException;
import java.util.List;

/**
 * Keeps heartbeats that wait for the gateway over a power cut. It decides nothing: the agent says
 * what waits. Heartbeats are numbered in the order in which they were made, over all boots. Used by
 * one agent at a time, on its thread.
 */
public interface Outbox {
  /**
   * Where the line of waiting heartbeats stands.
   *
   * @param first index of the oldest that waits
   * @param next index that the next one will have; {@code first} when none waits
   * @param untold how many were given up that no heartbeat tells of yet
   */
  record Line(long first, long next, int untold) {
    /** Nothing was ever made. */
    public static final Line START = new Line(0, 0, 0);

    public Line {
      if (first < 0 || next < first || untold < 0) {
        throw new IllegalArgumentException(
            "line: " + first + ", " + next + ", " + untold + " (expected: 0 <= first <= next)");
      }
    }
  }

  /**
   * One that waits.
   *
   * @param bytes a {@code Heartbeat} message; never modified
   */
  @SuppressWarnings("ArrayRecordComponent") // bytes on their way, compared by nobody
  record Entry(long index, byte[] bytes) {}

  /**
   * What survived.
   *
   * @param line what was kept last; indexes between its ends that have no entry were lost, and are
   *     no part of its {@code untold}
   * @param waiting oldest first
   */
  record Held(Line line, List<Entry> waiting) {
    public Held {
      waiting = List.copyOf(waiting);
    }
  }

  /** What waited when this was opened. Asked once, at the start. */
  Held restore();

  /**
   * Keeps one more. When this returns, it is durable; when the power fails or this throws, the line
   * is one of the two.
   *
   * @param without where the line stands as long as this entry is not kept
   * @param with where it stands with this entry
   */
  void append(Entry entry, Line without, Line with) throws IOException;

  /**
   * Heartbeats before {@code line.first()} wait no more. Durable with the next {@link #append} at
   * the latest: a power cut before that makes them wait again, and they are sent twice.
   */
  void advance(Line line) throws IOException;

  /** Keeps nothing: a power cut loses what waits. For devices that are simulated. */
  static Outbox forgetful() {
    return new Outbox() {
      @Override
      public Held restore() {
        return new Held(Line.START, List.of());
      }

      @Override
      public void append(Entry entry, Line without, Line with) {
        // the agent itself holds what waits
      }

      @Override
      public void advance(Line line) {
        // nothing was kept
      }
    };
  }
}
