package dev.earshot.trainer.scene;

import dev.earshot.ndp.frontend.FeatureQuantizer;
import dev.earshot.ndp.frontend.FrontEndParameters;
import dev.earshot.ndp.frontend.LogMel;
import dev.earshot.ndp.frontend.LogMelParameters;
import dev.earshot.ndp.frontend.StreamingFrontEnd;
import dev.earshot.trainer.network.Architecture;
import dev.earshot.trainer.quantize.Affine;

/** The int8 features of a scene, by the engine's own front end. One for each thread. */
public final class FeatureMaker {
  private static final LogMelParameters PARAMETERS = FrontEndParameters.STREAMING_WAKE_WORD;

  private final LogMel logMel = new LogMel(PARAMETERS);
  private final FeatureQuantizer quantizer =
      new FeatureQuantizer(Affine.FEATURES.scale(), Affine.FEATURES.zeroPoint());

  /** All complete frames, [frames][bins]. */
  public byte[] features(short[] pcm) {
    byte[] features = new byte[(int) PARAMETERS.frames(pcm.length) * Architecture.BINS];
    new StreamingFrontEnd(logMel)
        .accept(
            pcm,
            0,
            pcm.length,
            features,
            (frame, values, into) ->
                quantizer.quantize(values, into, (int) frame * Architecture.BINS));
    return features;
  }
}
