package dev.earshot.rollout.stream;

import dev.earshot.rollout.stream.DirectiveView.Change;
import java.time.Duration;

/**
 * When a partition's devices are looked at all over again. A walk takes time that grows with the
 * devices (a few microseconds each), so the rest after it grows with them too:
 *
 * <ul>
 *   <li>after a decision about a rollout, none: the walk begins at once;
 *   <li>while the offers of a stage go out, as long as the last walk took;
 *   <li>else ten times as long, which leaves at least nine tenths of the thread to the devices'
 *       messages; gates may be looked at at any time, so they lose nothing but the wait;
 *   <li>while no rollout is under way, at least a minute: nothing can become due by itself then.
 * </ul>
 *
 * <p>Walks begin with a tick, so never closer together than that. What a walk took is the time from
 * its beginning to its end, whatever else the thread did in between: several partitions on one
 * thread thus share the tenth.
 */
final class WalkCadence {
  private static final int REST = 10;
  private static final long IDLE_MILLIS = Duration.ofMinutes(1).toMillis();

  private long tookMillis;
  private long endedMillis;
  private boolean walked;

  /** Whether it is time. */
  boolean isDue(long nowMillis, Change change, boolean underWay) {
    long since = nowMillis - endedMillis;
    // A clock that was set back says nothing about how long it was.
    return !walked || since < 0 || since >= restMillis(change, underWay);
  }

  void ended(long beganMillis, long nowMillis) {
    walked = true;
    tookMillis = Math.max(0, nowMillis - beganMillis);
    endedMillis = nowMillis;
  }

  private long restMillis(Change change, boolean underWay) {
    return switch (change) {
      case DECISION -> 0;
      case PACE -> tookMillis;
      case PROGRESS, NOTHING -> Math.max(REST * tookMillis, underWay ? 0 : IDLE_MILLIS);
    };
  }
}
