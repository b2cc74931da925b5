package dev.earshot.rollout.control;

import dev.earshot.protocol.v1.Assignment;
import dev.earshot.protocol.v1.ModelRelease;
import dev.earshot.protocol.v1.RolloutEvent;
import dev.earshot.protocol.v1.RolloutRequest;
import dev.earshot.protocol.v1.RolloutSnapshot;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Reads are from this instance's copy, which lags Kafka by milliseconds; any instance can answer
 * them. May be used from any thread.
 */
public interface ControlPlane {
  /** Why the copy may lack something that is there; empty when it has caught up. */
  String problem();

  /** Every rollout, in no order; previews are not among them. */
  Collection<RolloutSnapshot> rollouts();

  /** One rollout or preview, or null. */
  @Nullable RolloutSnapshot rollout(String id);

  /**
   * A rollout's audit trail, oldest first; grows at its end only.
   *
   * @param after only entries behind that offset; -1 for the first page
   */
  List<Entry> events(String rollout, long after, int limit);

  /**
   * The audit trails of all rollouts in the order in which this instance read them: the order
   * within a partition is everywhere the same, that between partitions is not.
   *
   * @param from index in this instance's list
   */
  List<Entry> log(int from, int limit);

  /**
   * A rollout's assignments, by device.
   *
   * @param after only devices that sort after this key; empty for the first page
   */
  List<Assigned> assignments(
      String rollout, String after, int limit, Predicate<Assignment> condition);

  /** A device's current or last assignment, or null; {@code device} is {@code fleet/device}. */
  @Nullable Assigned assignment(String device);

  /** A release that the registry has accepted, or null. */
  @Nullable ModelRelease release(String release);

  /** The first answer to a request whose id begins so, or null when there was none. */
  @Nullable RolloutEvent answered(String requestIdPrefix);

  /**
   * Writes a request. Completes with the event that answers it, after this instance's copy shows
   * what it did; exceptionally when Kafka does not take it, or no answer comes in time. A request
   * whose id was answered before, or waits for its answer here, is not written again and gets that
   * same answer.
   */
  CompletableFuture<RolloutEvent> submit(RolloutRequest request);

  /** One device's assignment; {@code device} is {@code fleet/device}. */
  record Assigned(String device, Assignment assignment) {}

  /**
   * One entry of an audit trail.
   *
   * @param partition where it lies; all of a rollout in one
   * @param offset grows within the partition, with gaps; the same on every instance
   */
  record Entry(int partition, long offset, RolloutEvent event) {}
}
