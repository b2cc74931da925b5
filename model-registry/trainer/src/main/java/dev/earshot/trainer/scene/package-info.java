/**
 * Scenes: a minute of an environment with people in it, made from a seed, and the feature windows
 * with labels that a network learns from.
 */
@NullMarked
package dev.earshot.trainer.scene;

import org.jspecify.annotations.NullMarked;
