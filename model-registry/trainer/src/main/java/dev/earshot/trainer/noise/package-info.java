/**
 * The background of each acoustic environment as signal processing from a seed: hums, hisses,
 * impacts, bursts and babble, put together differently for a quiet room, a kitchen, a car, a
 * factory and a stadium. Synthetic: it resembles such places in spectrum and rhythm and claims no
 * more.
 */
@NullMarked
package dev.earshot.trainer.noise;

import org.jspecify.annotations.NullMarked;
