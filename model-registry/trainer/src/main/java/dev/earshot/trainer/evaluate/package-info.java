/**
 * Measures a trained model on held-out scenes by letting the engine hear them: false accepts,
 * misses, and the trade-off between them at every threshold.
 */
@NullMarked
package dev.earshot.trainer.evaluate;

import org.jspecify.annotations.NullMarked;
