package dev.earshot.trainer.noise;

/** One ingredient of an environment's noise. */
interface Layer {
  /** Adds itself to the sound; loudness near one tenth root mean square at a gain of one. */
  void addTo(float[] sound);
}
