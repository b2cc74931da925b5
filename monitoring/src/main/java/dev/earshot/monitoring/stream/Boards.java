package dev.earshot.monitoring.stream;

import dev.earshot.monitoring.health.FleetSnapshot;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** The boards of the partitions that this instance holds. For use by any thread. */
final class Boards {
  private final ConcurrentMap<Integer, Board> boards = new ConcurrentHashMap<>();

  void put(int partition, Board board) {
    boards.put(partition, board);
  }

  /** Takes a board down, unless another one hangs there by now. */
  void remove(int partition, Board board) {
    boards.remove(partition, board);
  }

  Set<Integer> partitions() {
    return new TreeSet<>(boards.keySet());
  }

  /** All partitions added up. */
  FleetSnapshot snapshot() {
    FleetSnapshot sum = FleetSnapshot.EMPTY;
    for (Board board : boards.values()) {
      sum = sum.plus(board.shown());
    }
    return sum;
  }
}
