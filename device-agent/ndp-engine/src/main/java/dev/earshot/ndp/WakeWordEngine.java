package dev.earshot.ndp;

import dev.earshot.ndp.detector.Detection;
import dev.earshot.ndp.detector.Detector;
import dev.earshot.ndp.detector.DetectorParameters;
import dev.earshot.ndp.detector.EventPeaks;
import dev.earshot.ndp.frontend.FeatureQuantizer;
import dev.earshot.ndp.frontend.FrontEndParameters;
import dev.earshot.ndp.frontend.StreamingFrontEnd;
import dev.earshot.ndp.graph.Shape;

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
  private final Detector detector;
  private final EventPeaks peaks;
  private final Inference inference;
  private final byte[] output;
  private final StreamingFrontEnd.FrameSink<DetectionSink> onFrame = this::onFrame;

  /** The last frames of features, oldest first. */
  private final byte[] window;

  private final int bins;
  private long frames;

  /** An engine with a scratch of its own. */
  public WakeWordEngine(NdpModel model, FrontEndParameters frontEnd, DetectorParameters detector) {
    this(new EngineScratch(model, frontEnd), detector);
  }

  /** An engine that shares its thread's scratch. */
  public WakeWordEngine(EngineScratch scratch, DetectorParameters detectorParameters) {
    model = scratch.model;
    parameters = scratch.frontEnd.parameters();
    bins = parameters.features();
    checkFits(model, bins, detectorParameters);
    frontEnd = new StreamingFrontEnd(scratch.frontEnd);
    quantizer = FeatureQuantizer.of(model.input().requireQuantization());
    detector = new Detector(detectorParameters);
    peaks = new EventPeaks(detectorParameters);
    inference = scratch.inference;
    output = scratch.output;
    window = new byte[model.inputElements()];
  }

  private static void checkFits(NdpModel model, int bins, DetectorParameters detector) {
    Shape input = model.input().shape();
    if (!holdsFrames(input, bins)) {
      throw new IllegalArgumentException(
          "model input " + input + ": not frames of " + bins + " features, as the front end gives");
    }
    if (detector.wakeClass() >= model.outputElements()) {
      throw new IllegalArgumentException(
          "detector wakeClass: "
              + detector.wakeClass()
              + " (expected: below the model's "
              + model.outputElements()
              + " outputs)");
    }
  }

  /** Frames lie one after the other: as rows, or in a flat input of no other structure. */
  private static boolean holdsFrames(Shape input, int bins) {
    int last = input.rank() - 1;
    while (last > 0 && input.dimension(last) == 1) {
      last--;
    }
    boolean flat = input.dimension(last) == input.elements();
    return input.elements() % bins == 0 && (flat || input.dimension(last) == bins);
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
    int score = output[detector.parameters().wakeClass()];
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
    frames = 0;
  }
}
