package dev.earshot.ndp.frontend;

/**
 * The arithmetic of a front end: one window of samples in, one frame of features out. Holds tables
 * and work arrays, no audio: all devices of one thread with the same parameters share one. Belongs
 * to one thread at a time; allocates nothing per frame.
 */
public sealed interface FrontEnd permits LogMel, Mfcc {
  /** A new one, with tables and work arrays of its own. */
  static FrontEnd of(FrontEndParameters parameters) {
    return switch (parameters) {
      case LogMelParameters logMel -> new LogMel(logMel);
      case MfccParameters mfcc -> new Mfcc(mfcc);
    };
  }

  FrontEndParameters parameters();

  /**
   * Features of one window.
   *
   * @param samples the window, preceded by the one sample before it (0 at the start of a stream)
   * @param offset of the sample before the window
   * @param features receives {@link FrontEndParameters#features()} values
   */
  void compute(short[] samples, int offset, float[] features);
}
