package dev.earshot.rollout.http;

import dev.earshot.protocol.v1.RolloutRequest;
import java.util.Locale;

/** What an operator can do to a rollout. */
enum Action {
  START,
  PAUSE,
  RESUME,
  PROMOTE,
  ABORT;

  /** The last part of its path. */
  String word() {
    return name().toLowerCase(Locale.ROOT);
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
          case PAUSE -> request.setPause(RolloutRequest.Pause.getDefaultInstance());
          case RESUME -> request.setResume(RolloutRequest.Resume.getDefaultInstance());
          case PROMOTE -> request.setPromote(RolloutRequest.Promote.getDefaultInstance());
          case ABORT -> request.setAbort(RolloutRequest.Abort.newBuilder().setKeep(keep));
        };
    return complete.build();
  }
}
