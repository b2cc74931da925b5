package dev.earshot.ndp;

import dev.earshot.ndp.detector.Detection;
import dev.earshot.ndp.detector.DetectorParameters;
import dev.earshot.ndp.detector.EventPeaks;
import dev.earshot.ndp.detector.PosteriorHandler;
import dev.earshot.ndp.detector.PosteriorParameters;
import dev.earshot.ndp.frontend.FeatureQuantizer;
import dev.earshot.ndp.frontend.FrontEndParameters;
import dev.earshot.ndp.frontend.StreamingFrontEnd;

/**
 * One device's ear: samples in, scores and wakes out. After the first full window of frames, every
 * frame gives one inference. Keeps one window of audio and one of features (some 4 KiB); model and
 * scratch are shared. Not thread-safe; allocates nothing except a {@link Detection}.
 */
public final class WakeWordEngine {
  private final NdpModel model;
  private final FrontEndParameters parameters;
  private final StreamingFrontEnd frontEnd;
  private final FeatureQuantizer quantizer;
  private final PosteriorHandler posteriors;
  private final int firstClass;
  private final EventPeaks peaks;
  private final Inference inference;
  private final byte[] output;
  private final StreamingFrontEnd.FrameSink<DetectionSink> onFrame = this::onFrame;

  /** The last frames of features, oldest first. */
  private final byte[] window;

  private final int bins;
  private long frames;

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
    model = scratch.model;
    parameters = scratch.frontEnd.parameters();
    bins = parameters.features();
    FrameInput.require(model, bins);
    posteriorParameters.requireOutputs(model.outputElements());
    frontEnd = new StreamingFrontEnd(scratch.frontEnd);
    quantizer = FeatureQuantizer.of(model.input().requireQuantization());
    posteriors = new PosteriorHandler(posteriorParameters);
    firstClass = posteriorParameters.first().detector().wakeClass();
    peaks = new EventPeaks(posteriorParameters.first().detector());
    inference = scratch.inference;
    output = scratch.output;
    window = new byte[model.inputElements()];
  }

  public NdpModel model() {
    return model;
  }

  /** Frames of features that one inference sees. */
  public int windowFrames() {
    return window.length / bins;
  }

  /** Takes 16-bit samples in chunks of any size and reports what they bring about. */
  public void accept(short[] pcm, int offset, int length, DetectionSink sink) {
    frontEnd.accept(pcm, offset, length, sink, onFrame);
  }

  private void onFrame(long frame, float[] features, DetectionSink sink) {
    System.arraycopy(window, bins, window, 0, window.length - bins);
    quantizer.quantize(features, window, window.length - bins);
    frames++;
    if (frames < windowFrames()) {
      return;
    }
    inference.run(window, 0, output, 0);
    sink.onScore(frame, output[firstClass]);
    long endMillis = millis(frame * parameters.hopSamples() + parameters.windowSamples());
    int word = posteriors.accept(output, endMillis);
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
    frames = 0;
  }
}
