package dev.earshot.trainer.release;

import dev.earshot.ndp.detector.DetectorParameters;
import dev.earshot.protocol.Digest;
import dev.earshot.protocol.release.Evaluation;
import dev.earshot.protocol.v1.SelfTest;

/**
 * What came out of a recipe.
 *
 * @param tflite the model file
 * @param data digest over the training audio
 * @param detector with the threshold that the recipe's rule chose
 * @param evaluation what was measured
 * @param selfTest windows with the engine's exact answers
 */
@SuppressWarnings("ArrayRecordComponent") // a file's content on its way to the disk
public record TrainedRelease(
    byte[] tflite,
    Digest data,
    DetectorParameters detector,
    Evaluation evaluation,
    SelfTest selfTest) {}
