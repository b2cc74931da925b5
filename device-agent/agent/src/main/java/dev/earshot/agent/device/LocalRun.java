package dev.earshot.agent.device;

import dev.earshot.ndp.DetectionSink;
import dev.earshot.ndp.NdpModel;
import dev.earshot.ndp.WakeWordEngine;
import dev.earshot.ndp.chip.ChipProfile;
import dev.earshot.ndp.chip.EnergyModel;
import dev.earshot.ndp.chip.Estimate;
import dev.earshot.ndp.chip.Fit;
import dev.earshot.ndp.chip.Workload;
import dev.earshot.ndp.detector.Detection;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Locale;

/** The engine on a file, without a fleet: says what it detects, then what that took. */
final class LocalRun {
  private final ChipProfile chip;
  private final NdpModel model;
  private final Card card;
  private final PrintWriter out;
  private long inferences;
  private int detections;

  LocalRun(ChipProfile chip, NdpModel model, Card card, PrintWriter out) {
    this.chip = chip;
    this.model = model;
    this.card = card;
    this.out = out;
  }

  /** Plays all of it once. */
  void play(AudioSource audio) throws IOException, InterruptedException {
    WakeWordEngine engine = Engines.engine(model, card.frontEnd(), card.detector());
    if (Fit.of(model, chip) instanceof Fit.Exceeds exceeds) {
      out.println(
          "note: " + chip.id() + " can't run this model: " + String.join("; ", exceeds.reasons()));
    }
    long samples =
        switch (audio) {
          case AudioSource.Recording recording -> play(engine, recording);
          case AudioSource.Live(InputStream microphone) -> listen(engine, microphone);
        };
    summarise(samples / (double) AudioSource.SAMPLE_RATE_HZ);
  }

  private long play(WakeWordEngine engine, AudioSource.Recording recording)
      throws InterruptedException {
    short[] samples = recording.samples();
    int step = AudioSource.SAMPLE_RATE_HZ / 10;
    long startNanos = System.nanoTime();
    for (int at = 0; at < samples.length; at += step) {
      int length = Math.min(step, samples.length - at);
      engine.accept(samples, at, length, new Sink());
      if (recording.realTime()) {
        pace(startNanos, (at + length) * 1_000_000_000L / AudioSource.SAMPLE_RATE_HZ);
      }
    }
    return samples.length;
  }

  private long listen(WakeWordEngine engine, InputStream microphone) throws IOException {
    byte[] bytes = new byte[3200];
    short[] samples = new short[bytes.length / 2];
    long total = 0;
    for (int read = microphone.readNBytes(bytes, 0, bytes.length);
        read > 0;
        read = microphone.readNBytes(bytes, 0, bytes.length)) {
      ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asShortBuffer().get(samples);
      engine.accept(samples, 0, read / 2, new Sink());
      total += read / 2;
    }
    return total;
  }

  private static void pace(long startNanos, long audioNanos) throws InterruptedException {
    long left = audioNanos - (System.nanoTime() - startNanos);
    if (left > 0) {
      Thread.sleep(left / 1_000_000, (int) (left % 1_000_000));
    }
  }

  private void summarise(double seconds) {
    Workload work = Workload.of(model.summary());
    EnergyModel energy = EnergyModel.of(chip);
    double microjoules = energy.listeningMicrojoules(work, inferences, seconds * 1000);
    Estimate power = energy.listeningMilliwatts(work, inferences / Math.max(seconds, 1e-9));
    out.printf(
        Locale.ROOT,
        "%.1f s of audio, %d inferences, %d detections%n"
            + "%s: %.2f mJ, %.3f mW +- %.0f %% (%s)%n",
        seconds,
        inferences,
        detections,
        chip.id(),
        microjoules / 1000,
        power.value(),
        100 * power.relativeError(),
        power.basis());
    out.flush();
  }

  private final class Sink implements DetectionSink {
    @Override
    public void onScore(long frameIndex, int score) {
      inferences++;
    }

    @Override
    public void onDetection(Detection detection) {
      detections++;
      out.println(line(detection.endMillis(), detection.word(), detection.score()));
      out.flush();
    }
  }

  /** One detection, for people: when, which word, how sure (a softmax score is P * 256 - 128). */
  static String line(long atMillis, String word, int score) {
    return String.format(
        Locale.ROOT,
        "%9.3f s  %s  score %4d  (P = %.3f)",
        atMillis / 1000.0,
        word,
        score,
        (score + 128) / 256.0);
  }
}
