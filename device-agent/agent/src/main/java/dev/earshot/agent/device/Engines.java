package dev.earshot.agent.device;

import dev.earshot.ndp.NdpModel;
import dev.earshot.ndp.WakeWordEngine;
import dev.earshot.ndp.detector.DetectorParameters;
import dev.earshot.ndp.frontend.FrontEndParameters;
import dev.earshot.protocol.release.ReleaseManifest;

/** Engines as releases describe them. */
final class Engines {
  /** The name by which releases ask for {@link FrontEndParameters#STREAMING_WAKE_WORD}. */
  static final String STREAMING_WAKE_WORD = "streaming-wake-word";

  private Engines() {}

  static WakeWordEngine engine(NdpModel model, String frontEnd, ReleaseManifest.Detector detector) {
    return new WakeWordEngine(model, frontEnd(frontEnd), parameters(detector));
  }

  /** The front end of that name. */
  static FrontEndParameters frontEnd(String name) {
    if (!name.equals(STREAMING_WAKE_WORD)) {
      throw new IllegalArgumentException(
          "frontEnd: '" + name + "' (expected: " + STREAMING_WAKE_WORD + ")");
    }
    return FrontEndParameters.STREAMING_WAKE_WORD;
  }

  private static DetectorParameters parameters(ReleaseManifest.Detector detector) {
    return new DetectorParameters(
        detector.wakeClass(),
        detector.thresholdScore(),
        detector.smoothingFrames(),
        detector.refractoryMillis());
  }
}
