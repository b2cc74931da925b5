package dev.earshot.agent.device;

import dev.earshot.ndp.NdpModel;
import dev.earshot.ndp.WakeWordEngine;
import dev.earshot.ndp.detector.DetectorParameters;
import dev.earshot.ndp.frontend.NamedFrontEnd;
import dev.earshot.protocol.release.ReleaseManifest;

/** Engines as releases describe them. */
final class Engines {
  private Engines() {}

  static WakeWordEngine engine(NdpModel model, String frontEnd, ReleaseManifest.Detector detector) {
    return new WakeWordEngine(model, NamedFrontEnd.require(frontEnd), parameters(detector));
  }

  private static DetectorParameters parameters(ReleaseManifest.Detector detector) {
    return new DetectorParameters(
        detector.wakeClass(),
        detector.thresholdScore(),
        detector.smoothingFrames(),
        detector.refractoryMillis());
  }
}
