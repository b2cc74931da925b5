package dev.earshot.ndp;

import dev.earshot.ndp.detector.Detection;
import dev.earshot.ndp.detector.DetectorParameters;
import dev.earshot.ndp.detector.EventPeaks;
import dev.earshot.ndp.detector.PosteriorHandler;
import dev.earshot.ndp.detector.PosteriorParameters;
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
  private final PosteriorHandler posteriors;
  private final int firstClass;
  private final EventPeaks peaks;
  private final StreamState stream;
  private final StreamingFrontEnd.FrameSink<DetectionSink> onFrame = this::onFrame;

  /** An engine for one word with a scratch of its own. */
  public WakeWordEngine(NdpModel model, FrontEndParameters frontEnd, DetectorParameters detector) {
    this(model, frontEnd, PosteriorParameters.of(detector));
  }

  /** An engine with a scratch of its own. */
  public WakeWordEngine(
      NdpModel model, FrontEndParameters frontEnd, PosteriorParameters posteriors) {
    this(new EngineScratch(model, frontEnd), posteriors);
  }

  /** An engine for one word that shares its thread's scratch. */
  public WakeWordEngine(EngineScratch scratch, DetectorParameters detector) {
    this(scratch, PosteriorParameters.of(detector));
  }

  /** An engine that shares its thread's scratch. */
  public WakeWordEngine(EngineScratch scratch, PosteriorParameters posteriorParameters) {
    this.scratch = scratch;
    posteriorParameters.requireOutputs(scratch.model.outputElements());
    parameters = scratch.frontEnd.parameters();
    frontEnd = new StreamingFrontEnd(scratch.frontEnd);
    quantizer = FeatureQuantizer.of(scratch.model.input().requireQuantization());
    posteriors = new PosteriorHandler(posteriorParameters);
    firstClass = posteriorParameters.first().detector().wakeClass();
    peaks = new EventPeaks(posteriorParameters.first().detector());
    stream = scratch.inference.model().newState();
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
    sink.onScore(frame, scratch.output[firstClass]);
    long endMillis = millis(frame * parameters.hopSamples() + parameters.windowSamples());
    int word = posteriors.accept(scratch.output, endMillis);
    if (word != PosteriorHandler.NOTHING) {
      long startMillis = millis((frame - windowFrames() + 1) * parameters.hopSamples());
      sink.onDetection(detection(word, frame, startMillis, endMillis));
    }
    peaks.accept(posteriors.smoothedCeiling(0), word == 0, endMillis, sink);
  }

  private Detection detection(int word, long frame, long startMillis, long endMillis) {
    PosteriorParameters.Word heard = posteriors.parameters().words().get(word);
    return new Detection(
        frame,
        startMillis,
        endMillis,
        posteriors.smoothedScore(word),
        heard.detector().wakeClass(),
        heard.label());
  }

  private long millis(long samples) {
    return samples * 1000 / parameters.sampleRateHz();
  }

  /** Forgets all audio, scores and the refractory time: the next sample is at time 0. */
  public void reset() {
    frontEnd.reset();
    posteriors.reset();
    peaks.reset();
    stream.reset();
  }
}
