/**
 * Speech by the program espeak-ng: voices, what they say, and who belongs to training, to choosing
 * the threshold, and to the evaluation. Synthetic speech: figures measured on it compare releases
 * with one another; they are not figures for people.
 */
@NullMarked
package dev.earshot.trainer.speech;

import org.jspecify.annotations.NullMarked;
