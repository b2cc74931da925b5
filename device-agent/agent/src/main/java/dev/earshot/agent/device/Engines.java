package dev.earshot.agent.device;

import dev.earshot.ndp.NdpModel;
import dev.earshot.ndp.WakeWordEngine;
import dev.earshot.ndp.detector.DetectorParameters;
import dev.earshot.ndp.detector.PosteriorParameters;
import dev.earshot.ndp.frontend.NamedFrontEnd;
import dev.earshot.protocol.release.ReleaseManifest;

/** Engines as releases describe them. */
final class Engines {
  private Engines() {}

  static WakeWordEngine engine(NdpModel model, String frontEnd, ReleaseManifest.Detector detector) {
    return new WakeWordEngine(model, NamedFrontEnd.require(frontEnd), posteriors(detector));
  }

  /** The words of a release as the engine takes them. */
  private static PosteriorParameters posteriors(ReleaseManifest.Detector detector) {
    PosteriorParameters posteriors =
        PosteriorParameters.of(
            new DetectorParameters(
                detector.wakeClass(),
                detector.thresholdScore(),
                detector.smoothingFrames(),
                detector.refractoryMillis()));
    for (ReleaseManifest.Word word : detector.words()) {
      posteriors =
          posteriors.and(
              word.label(),
              new DetectorParameters(
                  word.wakeClass(),
                  word.thresholdScore(),
                  word.smoothingFrames(),
                  word.refractoryMillis()));
    }
    return posteriors;
  }
}
