package dev.earshot.ndp.frontend;

/**
 * How audio becomes features. Travels with a release by name (see {@link NamedFrontEnd}), because a
 * model only works with the front end that it was trained with. Every kind cuts the samples into
 * windows of {@link #windowSamples()} that start {@link #hopSamples()} apart, and makes {@link
 * #features()} numbers of each.
 */
public sealed interface FrontEndParameters permits LogMelParameters, MfccParameters {
  /** The front end of MLPerf Tiny's streaming wake-word benchmark: 64 ms windows every 32 ms. */
  LogMelParameters STREAMING_WAKE_WORD =
      new LogMelParameters(16_000, 1024, 512, 1 - 1.0 / 32, 40, 0, 8000, 52, 64);

  /**
   * What is known of the front end of Syntiant's NDP101: 16 kHz, 512-sample frames every 384 (24
   * ms), 40 log-mel bands, pre-emphasis 0.96875; its network sees 40 frames, 968 ms. Source: the
   * public thesis repository Gotta003/Syntiant-NDP101. The vendor calls the algorithm proprietary
   * (Edge Impulse, "Audio Syntiant" block), so the window function (Hamming), the band edges (0 to
   * 8000 Hz) and the decibels (as in {@link #STREAMING_WAKE_WORD}) are ours: a model for this front
   * end must be trained with it.
   */
  LogMelParameters NDP101 = new LogMelParameters(16_000, 512, 384, 0.96875, 40, 0, 8000, 52, 64);

  /**
   * The front end of MLPerf Tiny's keyword-spotting reference: 30 ms windows every 20 ms, 10
   * coefficients; one second gives 49 frames. Source: {@code get_dataset.py} and {@code
   * kws_util.py} of mlcommons/tiny, {@code benchmark/training/keyword_spotting}. A stream can't be
   * scaled by its loudest sample, as that code does with each clip, so full scale is that of 16-bit
   * audio here; {@link MfccParameters#ofClip} is the clip's.
   */
  MfccParameters KEYWORD_SPOTTING =
      new MfccParameters(16_000, 480, 320, 40, 10, 20, 4000, 1e-6, 32_768);

  /** Samples of one second, 1000 to 192000. */
  int sampleRateHz();

  /** Samples under one window; the FFT has the next power of two. */
  int windowSamples();

  /** Samples between the starts of two windows. */
  int hopSamples();

  /** Numbers that one frame consists of. */
  int features();

  /** Time between two frames, in microseconds. */
  long hopMicros();

  /** The number of complete frames in this many samples. */
  long frames(long samples);
}
