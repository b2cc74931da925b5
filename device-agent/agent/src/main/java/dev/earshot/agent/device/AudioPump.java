package dev.earshot.agent.device;

import java.time.Duration;

/**
 * Plays a file into the ear, on the agent's thread: at the pace of real time, or as fast as it can.
 */
final class AudioPump {
  private static final int SAMPLES_PER_MILLI = 16;
  private static final Duration STEP = Duration.ofMillis(32);
  private static final int FAST_SAMPLES = 16_000;

  private final short[] samples;
  private final boolean repeat;
  private final boolean realTime;
  private final EngineListening ear;
  private final AgentLoop loop;
  private final Runnable end;
  private final long startNanos = System.nanoTime();
  private long played;

  AudioPump(
      short[] samples,
      boolean repeat,
      boolean realTime,
      EngineListening ear,
      AgentLoop loop,
      Runnable end) {
    this.samples = samples;
    this.repeat = repeat;
    this.realTime = realTime;
    this.ear = ear;
    this.loop = loop;
    this.end = end;
  }

  /** Plays what is due, and comes back for more. */
  void step() {
    long due =
        realTime
            ? (System.nanoTime() - startNanos) / 1_000_000 * SAMPLES_PER_MILLI
            : played + FAST_SAMPLES;
    while (played < due && (repeat || played < samples.length)) {
      int at = (int) (played % samples.length);
      int length = (int) Math.min(due - played, samples.length - at);
      ear.accept(samples, at, length);
      played += length;
    }
    if (!repeat && played >= samples.length) {
      end.run();
    } else if (realTime) {
      loop.afterMachine(STEP, this::step);
    } else {
      loop.execute(this::step);
    }
  }
}
