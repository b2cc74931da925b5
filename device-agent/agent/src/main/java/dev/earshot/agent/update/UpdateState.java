package dev.earshot.agent.update;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.earshot.protocol.v1.UpdateResult;
import java.util.Optional;

/**
 * Where the device is between two models. Each is written to flash before it is acted on, and says
 * what a restart finds it doing. {@code boots} counts the restarts in that state, so that loops
 * end.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "is")
@JsonSubTypes({
  @JsonSubTypes.Type(value = UpdateState.Idle.class, name = "IDLE"),
  @JsonSubTypes.Type(value = UpdateState.Downloading.class, name = "DOWNLOADING"),
  @JsonSubTypes.Type(value = UpdateState.Waiting.class, name = "WAITING"),
  @JsonSubTypes.Type(value = UpdateState.Verifying.class, name = "VERIFYING"),
  @JsonSubTypes.Type(value = UpdateState.Installing.class, name = "INSTALLING"),
  @JsonSubTypes.Type(value = UpdateState.Swapping.class, name = "SWAPPING"),
  @JsonSubTypes.Type(value = UpdateState.Trial.class, name = "TRIAL"),
  @JsonSubTypes.Type(value = UpdateState.Committing.class, name = "COMMITTING"),
  @JsonSubTypes.Type(value = UpdateState.RollingBack.class, name = "ROLLING_BACK")
})
public sealed interface UpdateState {

  /** What is being worked on; empty when idle. */
  @JsonIgnore
  Optional<Job> work();

  /** Nothing to do. */
  record Idle() implements UpdateState {
    @Override
    public Optional<Job> work() {
      return Optional.empty();
    }
  }

  /**
   * Files are on their way into the target slot. A restart resumes at the byte where they stopped.
   */
  record Downloading(Job job, int boots) implements UpdateState {
    @Override
    public Optional<Job> work() {
      return Optional.of(job);
    }
  }

  /**
   * The plan's conditions do not hold, so the old model listens on and nothing else is done. A
   * restart waits on. Ends when they hold, with a cancel or another command, or after {@link
   * UpdateMachine#LONGEST_WAIT_MILLIS}.
   *
   * @param before what is to be done when they hold
   * @param reason what is waited for, as the server is told
   * @param boots restarts so far while something was done; those while it waits are not counted
   * @param waitedMillis fleet time that was spent waiting, as far as it was counted
   */
  record Waiting(Job job, Stage before, String reason, int boots, long waitedMillis)
      implements UpdateState {
    @Override
    public Optional<Job> work() {
      return Optional.of(job);
    }
  }

  /** What an install may have to wait with. */
  enum Stage {
    /** Fetching from the network, and writing flash. */
    DOWNLOAD,
    /** Changing over; the target slot is complete and tested. */
    SWAP
  }

  /**
   * The slot is complete and is read back: digests, signatures, chip, expiry, counter. A restart
   * verifies again.
   *
   * @param inPlace nothing was downloaded: a revert found its release in the other slot
   */
  record Verifying(Job job, boolean inPlace, int boots) implements UpdateState {
    @Override
    public Optional<Job> work() {
      return Optional.of(job);
    }
  }

  /** Verified; its self-test runs while the old model listens on. A restart tests again. */
  record Installing(Job job, Content content, int boots) implements UpdateState {
    @Override
    public Optional<Job> work() {
      return Optional.of(job);
    }
  }

  /**
   * Tested; the engine is about to change over. A restart starts the old model and changes over
   * again.
   */
  record Swapping(Job job, int boots) implements UpdateState {
    @Override
    public Optional<Job> work() {
      return Optional.of(job);
    }
  }

  /**
   * The new model listens, on probation. A restart starts the new model and the whole period again.
   */
  record Trial(Job job, int boots) implements UpdateState {
    @Override
    public Optional<Job> work() {
      return Optional.of(job);
    }
  }

  /** The new model has proved itself. A restart commits it. */
  record Committing(Job job) implements UpdateState {
    @Override
    public Optional<Job> work() {
      return Optional.of(job);
    }
  }

  /**
   * The old model is to listen again. A restart starts the old model.
   *
   * @param job the command that the result belongs to: the one that failed, or the revert that
   *     ended it
   * @param tried the slot that is given up
   */
  record RollingBack(Job job, dev.earshot.protocol.v1.Slot tried, UpdateResult result, String text)
      implements UpdateState {
    @Override
    public Optional<Job> work() {
      return Optional.of(job);
    }
  }
}
