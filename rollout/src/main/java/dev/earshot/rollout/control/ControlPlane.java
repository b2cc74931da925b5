package dev.earshot.rollout.control;

import dev.earshot.protocol.v1.Assignment;
import dev.earshot.protocol.v1.ModelRelease;
import dev.earshot.protocol.v1.RolloutEvent;
import dev.earshot.protocol.v1.RolloutRequest;
import dev.earshot.protocol.v1.RolloutSnapshot;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Reads are from this instance's copy, which lags Kafka by milliseconds; any instance can answer
 * them. May be used from any thread.
 */
public interface ControlPlane {
  /** Every rollout, in no order. */
  Collection<RolloutSnapshot> rollouts();

  /** One rollout, or null. */
  @Nullable RolloutSnapshot rollout(String id);

  /** A rollout's audit trail, oldest first; grows at its end only. */
  List<RolloutEvent> events(String rollout);

  /**
   * A rollout's assignments, by device.
   *
   * @param after only devices that sort after this key; empty for the first page
   */
  List<Assigned> assignments(String rollout, String after, int limit);

  /** A release that the registry has accepted, or null. */
  @Nullable ModelRelease release(String release);

  /**
   * Writes a request. Completes with the event that answers it, after this instance's copy shows
   * what it did; exceptionally when Kafka does not take it, or no answer comes in time.
   */
  CompletableFuture<RolloutEvent> submit(RolloutRequest request);

  /** One device's assignment; {@code device} is {@code fleet/device}. */
  record Assigned(String device, Assignment assignment) {}
}
