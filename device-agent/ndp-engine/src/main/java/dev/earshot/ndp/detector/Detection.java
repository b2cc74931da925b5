package dev.earshot.ndp.detector;

/**
 * A wake: the smoothed score of a word rose above its threshold.
 *
 * @param frameIndex the last frame that the model had seen, counted from 0
 * @param startMillis audio time at which the model's window started
 * @param endMillis audio time at which that last frame ended: the moment of the wake
 * @param score the smoothed int8 score (mean, rounded toward negative infinity)
 * @param wakeClass the model's output that is this word
 * @param word its label
 */
public record Detection(
    long frameIndex, long startMillis, long endMillis, int score, int wakeClass, String word) {}
