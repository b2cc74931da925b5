package dev.earshot.agent.device;

import dev.earshot.agent.port.ActiveModel;
import dev.earshot.agent.port.Listening;
import dev.earshot.ndp.DetectionSink;
import dev.earshot.ndp.Inference;
import dev.earshot.ndp.NdpModel;
import dev.earshot.ndp.WakeWordEngine;
import dev.earshot.ndp.chip.ChipProfile;
import dev.earshot.ndp.chip.EnergyModel;
import dev.earshot.ndp.chip.Fit;
import dev.earshot.ndp.chip.Workload;
import dev.earshot.ndp.detector.Detection;
import dev.earshot.ndp.detector.PosteriorParameters;
import dev.earshot.ndp.frontend.FrontEndParameters;
import dev.earshot.ndp.frontend.NamedFrontEnd;
import dev.earshot.ndp.graph.ModelFormatException;
import dev.earshot.protocol.release.Evaluation;
import dev.earshot.protocol.release.ReleaseManifest;
import dev.earshot.protocol.v1.Environment;
import dev.earshot.protocol.v1.Heartbeat;
import dev.earshot.protocol.v1.SelfTest;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The engine on real audio, which its owner pushes in with {@link #accept}. Runs on the agent's
 * thread. There is no second stage behind it that could tell a false accept from a right one, and
 * no battery: those fields stay zero. A miss is suspected when a wake of the same (first) word
 * follows it within seconds, as somebody who is not heard says it again. Wakes of all words are
 * counted; scores are those of the first.
 *
 * <p>When the model changes, the new engine first hears the last window of audio again, silently,
 * so that a word that is being spoken at that moment is not lost.
 */
final class EngineListening implements Listening {
  private static final int SAMPLES_PER_MILLI = 16;
  private static final int LATENCY_BUCKETS = 20;

  private final ChipProfile chip;
  private final EnergyModel energy;
  private final Environment environment;
  private final Heard heard;
  private int unexpectedReboots;

  private @Nullable WakeWordEngine engine;
  private Workload work = new Workload(0, 0);
  private int hopSamples = 512;
  private long engineStartMillis;
  private short[] past = new short[0];
  private long totalSamples;

  private long listenedSamples;
  private int wakes;
  private long inferences;
  private long modelSinceSamples;
  private long modelInferences;
  private long lastWakeMillis;
  private final int[] scores = new int[Evaluation.SCORE_BUCKETS];
  private final int[] latencies = new int[LATENCY_BUCKETS];
  private final NearMisses nearMisses = new NearMisses();

  /** Who wants to know of wakes. */
  @FunctionalInterface
  interface Heard {
    /** The device woke at that moment of its audio, by that word and smoothed int8 score. */
    void wake(long atMillis, String word, int score);
  }

  EngineListening(
      ChipProfile chip, Environment environment, boolean unexpectedReboot, Heard heard) {
    this.chip = chip;
    this.energy = EnergyModel.of(chip);
    this.environment = environment;
    this.unexpectedReboots = unexpectedReboot ? 1 : 0;
    this.heard = heard;
  }

  @Override
  public SelfTestResult selfTest(ReleaseManifest manifest, byte[] model, SelfTest vectors) {
    try {
      NdpModel parsed = NdpModel.parse(model);
      if (Fit.of(parsed, chip) instanceof Fit.Exceeds exceeds) {
        return new SelfTestResult.Unsupported(
            chip.id() + " can't run it: " + String.join("; ", exceeds.reasons()));
      }
      Engines.engine(parsed, manifest.frontEnd(), manifest.detector());
      return run(parsed, vectors);
    } catch (ModelFormatException | IllegalArgumentException e) {
      return new SelfTestResult.Unsupported(String.valueOf(e.getMessage()));
    }
  }

  private static SelfTestResult run(NdpModel model, SelfTest vectors) {
    if (vectors.getVectorsCount() == 0) {
      return new SelfTestResult.Failed("it has no vectors");
    }
    Inference inference = model.newInference();
    for (int i = 0; i < vectors.getVectorsCount(); i++) {
      byte[] input = vectors.getVectors(i).getInput().toByteArray();
      if (input.length != model.inputElements()) {
        return new SelfTestResult.Failed(
            "vector "
                + i
                + " has "
                + input.length
                + " bytes (expected: "
                + model.inputElements()
                + ")");
      }
      if (!Arrays.equals(inference.run(input), vectors.getVectors(i).getOutput().toByteArray())) {
        return new SelfTestResult.Failed("vector " + i + " gives another output on this device");
      }
    }
    return new SelfTestResult.Passed();
  }

  @Override
  public void use(ActiveModel active) {
    NdpModel model;
    try {
      model = NdpModel.parse(active.model());
    } catch (ModelFormatException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
    WakeWordEngine next =
        Engines.engine(model, active.manifest().frontEnd(), active.manifest().detector());
    FrontEndParameters parameters = NamedFrontEnd.require(active.manifest().frontEnd());
    hopSamples = parameters.hopSamples();
    int windowSamples = (next.windowFrames() - 1) * hopSamples + parameters.windowSamples();
    // One frame short of a window, so that the first inference belongs to audio that is yet to
    // come.
    int replayed = Math.min(past.length, windowSamples - hopSamples);
    next.accept(past, past.length - replayed, replayed, SILENT);
    engineStartMillis = (totalSamples - replayed) / SAMPLES_PER_MILLI;
    past = Arrays.copyOfRange(past, Math.max(0, past.length - windowSamples), past.length);
    if (past.length < windowSamples) {
      short[] longer = new short[windowSamples];
      System.arraycopy(past, 0, longer, windowSamples - past.length, past.length);
      past = longer;
    }
    work = Workload.of(model.summary());
    modelSinceSamples = totalSamples;
    modelInferences = 0;
    engine = next;
  }

  /** The next samples, 16 kHz; any number. */
  void accept(short[] pcm, int offset, int length) {
    for (int at = offset; at < offset + length; at += hopSamples) {
      hop(pcm, at, Math.min(hopSamples, offset + length - at));
    }
  }

  private void hop(short[] pcm, int offset, int length) {
    WakeWordEngine listening = engine;
    totalSamples += length;
    if (listening == null) {
      return;
    }
    long before = inferences;
    long startNanos = System.nanoTime();
    listening.accept(pcm, offset, length, new Sink());
    if (inferences > before) {
      long micros = Math.max(1, (System.nanoTime() - startNanos) / 1000 / (inferences - before));
      latencies[Math.min(LATENCY_BUCKETS - 1, 63 - Long.numberOfLeadingZeros(micros))] +=
          (int) (inferences - before);
    }
    listenedSamples += length;
    System.arraycopy(past, length, past, 0, past.length - length);
    System.arraycopy(pcm, offset, past, past.length - length, length);
  }

  @Override
  public void drain(Heartbeat.Builder into) {
    long listenedMillis = listenedSamples / SAMPLES_PER_MILLI;
    into.setEnvironment(environment)
        .setListeningMs((int) listenedMillis)
        .setWakes(wakes)
        .setInferences(inferences)
        .setNdpEnergyUj(
            Math.round(energy.listeningMicrojoules(work, inferences, (double) listenedMillis)))
        .setCharging(true)
        .setOperationalCrashfreeMs((int) listenedMillis)
        .setUnexpectedReboots(unexpectedReboots);
    Arrays.stream(scores).forEach(into::addScoreHistogram);
    Arrays.stream(latencies).forEach(into::addInferenceUsHistogram);
    nearMisses.drain(audioMillis(), into);
    listenedSamples -= listenedMillis * SAMPLES_PER_MILLI;
    wakes = 0;
    inferences = 0;
    unexpectedReboots = 0;
    Arrays.fill(scores, 0);
    Arrays.fill(latencies, 0);
  }

  @Override
  public Vitals vitals() {
    return new Vitals(
        (totalSamples - modelSinceSamples) / SAMPLES_PER_MILLI,
        modelInferences,
        audioMillis() - lastWakeMillis);
  }

  /** Time of audio that was pushed in so far. */
  long audioMillis() {
    return totalSamples / SAMPLES_PER_MILLI;
  }

  private static final DetectionSink SILENT =
      new DetectionSink() {
        @Override
        public void onScore(long frameIndex, int score) {
          // replayed audio was scored when it was new
        }

        @Override
        public void onDetection(Detection detection) {
          // and has woken the device then, if it had to
        }
      };

  private final class Sink implements DetectionSink {
    @Override
    public void onScore(long frameIndex, int score) {
      inferences++;
      modelInferences++;
      scores[Evaluation.scoreBucket(score)]++;
    }

    @Override
    public void onDetection(Detection detection) {
      wakes++;
      lastWakeMillis = audioMillis();
      if (detection.word().equals(PosteriorParameters.WAKE)) {
        nearMisses.wake(engineStartMillis + detection.endMillis());
      }
      heard.wake(engineStartMillis + detection.endMillis(), detection.word(), detection.score());
    }

    @Override
    public void onPeak(int peak, boolean woke, long audioMillis) {
      if (!woke) {
        nearMisses.missed(peak, engineStartMillis + audioMillis);
      }
    }
  }
}
