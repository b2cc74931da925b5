package dev.earshot.ndp;

import dev.earshot.ndp.detector.Detection;
import dev.earshot.ndp.detector.Detector;
import dev.earshot.ndp.detector.DetectorParameters;
import dev.earshot.ndp.detector.EventPeaks;
import dev.earshot.ndp.frontend.FeatureQuantizer;
import dev.earshot.ndp.frontend.FrontEndParameters;
import dev.earshot.ndp.frontend.StreamingFrontEnd;
import dev.earshot.ndp.streaming.StreamState;

/**
 * One device's ear: samples in, scores and wakes out. After the first full window of frames, every
 * frame gives one score, the model's answer to the last window. Keeps one window of audio (2 KiB)
 * and what {@link StreamState} keeps (some 1 to 4 KiB); model and scratch are shared. Not
 * thread-safe; allocates nothing except a {@link Detection}.
 */
public final class WakeWordEngine {
  private final EngineScratch scratch;
  private final FrontEndParameters parameters;
  private final StreamingFrontEnd frontEnd;
  private final FeatureQuantizer quantizer;
  private final Detector detector;
  private final EventPeaks peaks;
  private final StreamState stream;
  private final StreamingFrontEnd.FrameSink<DetectionSink> onFrame = this::onFrame;

  /** An engine with a scratch of its own. */
  public WakeWordEngine(NdpModel model, FrontEndParameters frontEnd, DetectorParameters detector) {
    this(new EngineScratch(model, frontEnd), detector);
  }

  /** An engine that shares its thread's scratch. */
  public WakeWordEngine(EngineScratch scratch, DetectorParameters detectorParameters) {
    this.scratch = scratch;
    checkFits(scratch.model, detectorParameters);
    parameters = scratch.logMel.parameters();
    frontEnd = new StreamingFrontEnd(scratch.logMel);
    quantizer = FeatureQuantizer.of(scratch.model.input().requireQuantization());
    detector = new Detector(detectorParameters);
    peaks = new EventPeaks(detectorParameters);
    stream = scratch.inference.model().newState();
  }

  private static void checkFits(NdpModel model, DetectorParameters detector) {
    if (detector.wakeClass() >= model.outputElements()) {
      throw new IllegalArgumentException(
          "detector wakeClass: "
              + detector.wakeClass()
              + " (expected: below the model's "
              + model.outputElements()
              + " outputs)");
    }
  }

  public NdpModel model() {
    return scratch.model;
  }

  /** Frames of features that one score depends on. */
  public int windowFrames() {
    return scratch.inference.model().windowFrames();
  }

  /** Takes 16-bit samples in chunks of any size and reports what they bring about. */
  public void accept(short[] pcm, int offset, int length, DetectionSink sink) {
    frontEnd.accept(pcm, offset, length, sink, onFrame);
  }

  private void onFrame(long frame, float[] features, DetectionSink sink) {
    quantizer.quantize(features, scratch.frame, 0);
    if (!scratch.inference.accept(stream, scratch.frame, 0, scratch.output, 0)) {
      return;
    }
    int score = scratch.output[detector.parameters().wakeClass()];
    sink.onScore(frame, score);
    long endMillis = millis(frame * parameters.hopSamples() + parameters.windowSamples());
    boolean wakes = detector.accept(score, endMillis);
    if (wakes) {
      long startMillis = millis((frame - windowFrames() + 1) * parameters.hopSamples());
      sink.onDetection(new Detection(frame, startMillis, endMillis, detector.smoothedScore()));
    }
    peaks.accept(detector.smoothedCeiling(), wakes, endMillis, sink);
  }

  private long millis(long samples) {
    return samples * 1000 / parameters.sampleRateHz();
  }

  /** Forgets all audio, scores and the refractory time: the next sample is at time 0. */
  public void reset() {
    frontEnd.reset();
    detector.reset();
    peaks.reset();
    stream.reset();
  }
}
