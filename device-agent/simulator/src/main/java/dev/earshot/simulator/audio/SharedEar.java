package dev.earshot.simulator.audio;

import dev.earshot.agent.port.ActiveModel;
import dev.earshot.ndp.DetectionSink;
import dev.earshot.ndp.NdpModel;
import dev.earshot.ndp.WakeWordEngine;
import dev.earshot.ndp.audio.WavFile;
import dev.earshot.ndp.detector.Detection;
import dev.earshot.ndp.detector.DetectorParameters;
import dev.earshot.ndp.frontend.FrontEndParameters;
import dev.earshot.ndp.frontend.NamedFrontEnd;
import dev.earshot.ndp.graph.ModelFormatException;
import dev.earshot.protocol.Digest;
import dev.earshot.protocol.release.ReleaseManifest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * The engine of all devices: front end and model run on a scene's samples when the first device
 * hears it, and what they said is remembered, a byte for each frame (31 to 50 for each second).
 * Safe for use by many threads; the first time a scene is heard blocks, some 10 ms for each second
 * of audio.
 */
public final class SharedEar {
  private final SceneLibrary library;
  private final ConcurrentMap<Listener, NdpModel> models = new ConcurrentHashMap<>();
  private final ConcurrentMap<Hearing, HeardScene> heard = new ConcurrentHashMap<>();

  /** What decides the scores: thresholds do not. */
  private record Listener(Digest model, String frontEnd, int wakeClass) {}

  private record Hearing(Listener listener, SceneLibrary.Scene scene) {}

  public SharedEar(SceneLibrary library) {
    this.library = library;
  }

  /** What there is to be heard. */
  public SceneLibrary library() {
    return library;
  }

  /** What that model says of that scene. */
  public HeardScene hear(ActiveModel active, SceneLibrary.Scene scene) {
    ReleaseManifest manifest = active.manifest();
    Listener listener =
        new Listener(
            manifest.model().digest(), manifest.frontEnd(), manifest.detector().wakeClass());
    NdpModel model = models.computeIfAbsent(listener, key -> parse(active));
    return heard.computeIfAbsent(
        new Hearing(listener, scene),
        key -> listen(model, library.folder().resolve(scene.file()), listener));
  }

  private static NdpModel parse(ActiveModel active) {
    try {
      return NdpModel.parse(active.model());
    } catch (ModelFormatException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  private static HeardScene listen(NdpModel model, Path file, Listener listener) {
    FrontEndParameters frontEnd = NamedFrontEnd.require(listener.frontEnd());
    short[] pcm;
    try {
      pcm = WavFile.read(file, frontEnd.sampleRateHz()).samples();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    ByteArrayOutputStream scores = new ByteArrayOutputStream();
    long[] first = {0};
    // Nothing is smoothed and nothing wakes here: each device has a detector of its own.
    new WakeWordEngine(model, frontEnd, new DetectorParameters(listener.wakeClass(), 127, 1, 0))
        .accept(
            pcm,
            0,
            pcm.length,
            new DetectionSink() {
              @Override
              public void onScore(long frameIndex, int score) {
                if (scores.size() == 0) {
                  first[0] = frameIndex;
                }
                scores.write(score);
              }

              @Override
              public void onDetection(Detection detection) {
                throw new IllegalStateException("no score is above 127");
              }
            });
    int lengthMillis = (int) (pcm.length * 1000L / frontEnd.sampleRateHz());
    return new HeardScene(frontEnd, scores.toByteArray(), first[0], lengthMillis);
  }
}
