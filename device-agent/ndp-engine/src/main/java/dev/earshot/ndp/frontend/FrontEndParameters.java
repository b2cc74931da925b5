package dev.earshot.ndp.frontend;

/**
 * How audio becomes features: a log-mel spectrogram. Travels with a release, because a model only
 * works with the front end that it was trained with.
 *
 * @param sampleRateHz of the audio
 * @param windowSamples samples under one Hamming window; the FFT has the next power of two
 * @param hopSamples samples between the starts of two windows
 * @param preEmphasis {@code y[n] = x[n] - preEmphasis * x[n-1]}; 0 for none, below 1
 * @param melBins features of one frame
 * @param lowHz lower edge of the first mel filter
 * @param highHz upper edge of the last mel filter, at most half the sample rate
 * @param offsetDb added to the power in decibels before scaling
 * @param rangeDb decibels that the feature range 0 to 1 stands for
 */
public record FrontEndParameters(
    int sampleRateHz,
    int windowSamples,
    int hopSamples,
    double preEmphasis,
    int melBins,
    double lowHz,
    double highHz,
    double offsetDb,
    double rangeDb) {

  /** The front end of MLPerf Tiny's streaming wake-word benchmark: 64 ms windows every 32 ms. */
  public static final FrontEndParameters STREAMING_WAKE_WORD =
      new FrontEndParameters(16_000, 1024, 512, 1 - 1.0 / 32, 40, 0, 8000, 52, 64);

  public FrontEndParameters {
    require(sampleRateHz >= 1000 && sampleRateHz <= 192_000, "sampleRateHz", sampleRateHz);
    require(windowSamples >= 16 && windowSamples <= 65_536, "windowSamples", windowSamples);
    require(hopSamples >= 1 && hopSamples <= windowSamples, "hopSamples", hopSamples);
    require(preEmphasis >= 0 && preEmphasis < 1, "preEmphasis", preEmphasis);
    require(melBins >= 1 && melBins <= 1024, "melBins", melBins);
    require(lowHz >= 0 && lowHz < highHz, "lowHz", lowHz);
    require(highHz <= sampleRateHz / 2.0, "highHz", highHz);
    require(Double.isFinite(offsetDb), "offsetDb", offsetDb);
    require(rangeDb > 0 && Double.isFinite(rangeDb), "rangeDb", rangeDb);
  }

  /** Time between two frames, in microseconds. */
  public long hopMicros() {
    return hopSamples * 1_000_000L / sampleRateHz;
  }

  /** The number of complete frames in this many samples. */
  public long frames(long samples) {
    return samples < windowSamples ? 0 : (samples - windowSamples) / hopSamples + 1;
  }

  private static void require(boolean holds, String name, Object value) {
    if (!holds) {
      throw new IllegalArgumentException("front end " + name + ": " + value + " is out of range");
    }
  }
}
