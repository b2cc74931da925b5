package dev.earshot.rollout.http;

import dev.earshot.protocol.v1.RolloutRequest;
import dev.earshot.rollout.operator.Role;
import java.util.Locale;
import java.util.Set;

/** What can be done to a rollout. */
enum Action {
  START,
  APPROVE,
  PAUSE,
  RESUME,
  PROMOTE,
  ABORT;

  /** The last part of its path. */
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Who may. */
  Set<Role> roles() {
    return this == APPROVE ? Set.of(Role.APPROVER) : Set.of(Role.OPERATOR);
  }

  /**
   * Completes a request.
   *
   * @param keep for an abort: devices keep the release
   */
  RolloutRequest on(RolloutRequest.Builder request, boolean keep) {
    RolloutRequest.Builder complete =
        switch (this) {
          case START -> request.setStart(RolloutRequest.Start.getDefaultInstance());
          case APPROVE -> request.setApprove(RolloutRequest.Approve.getDefaultInstance());
          case PAUSE -> request.setPause(RolloutRequest.Pause.getDefaultInstance());
          case RESUME -> request.setResume(RolloutRequest.Resume.getDefaultInstance());
          case PROMOTE -> request.setPromote(RolloutRequest.Promote.getDefaultInstance());
          case ABORT -> request.setAbort(RolloutRequest.Abort.newBuilder().setKeep(keep));
        };
    return complete.build();
  }
}
