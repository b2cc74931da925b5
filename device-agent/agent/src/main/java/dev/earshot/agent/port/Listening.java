package dev.earshot.agent.port;

import dev.earshot.protocol.release.ReleaseManifest;
import dev.earshot.protocol.v1.Heartbeat;
import dev.earshot.protocol.v1.SelfTest;

/**
 * The part of the device that listens: the engine on real audio, or a simulator's world. Whoever
 * implements it calls {@code Agent.onEnvironmentChange()} just before the environment changes, so
 * that an interval has one environment.
 */
public interface Listening {
  /**
   * Runs the release's vectors through its model, without disturbing what listens now. Also refuses
   * a model that this chip can't run.
   */
  SelfTestResult selfTest(ReleaseManifest manifest, byte[] model, SelfTest vectors);

  /**
   * Listens with this model from the next audio frame on.
   *
   * @throws IllegalArgumentException when it can't; what listened before goes on
   */
  void use(ActiveModel model);

  /**
   * Writes what happened since the last call (or since the start) and starts anew. Sets {@code
   * environment, listening_ms, wakes, false_accepts, suspected_false_rejects, score_histogram, the
   * four histograms of peak scores, inferences, inference_us_histogram, ndp_energy_uj}, the
   * battery's fields, {@code operational_crashfree_ms} and {@code unexpected_reboots}; the agent
   * sets all others.
   */
  void drain(Heartbeat.Builder into);

  /** How it goes, without any effect on what {@link #drain} will say. */
  Vitals vitals();

  /**
   * What tells life from death, and talk from silence.
   *
   * @param listeningMillis time that was listened since the present model listens, milliseconds
   * @param inferences that it made in that time
   * @param quietMillis time since the last wake, at least; a device that never woke has been quiet
   *     since its start
   */
  record Vitals(long listeningMillis, long inferences, long quietMillis) {}

  /** What the self-test said. */
  sealed interface SelfTestResult {
    /** Every vector gave exactly the expected output. */
    record Passed() implements SelfTestResult {}

    /** It did not; the text says which vector, or why the chip can't run the model. */
    record Failed(String text) implements SelfTestResult {}

    /** This chip can't run such a model. */
    record Unsupported(String text) implements SelfTestResult {}
  }
}
