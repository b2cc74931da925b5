package dev.earshot.ndp.frontend;

/**
 * A log-mel spectrogram, in decibels that are scaled to [0, 1].
 *
 * @param sampleRateHz of the audio, 1000 to 192000
 * @param windowSamples samples under one Hamming window, 16 to 65536; the FFT has the next power of
 *     two
 * @param hopSamples samples between the starts of two windows, 1 to the window
 * @param preEmphasis {@code y[n] = x[n] - preEmphasis * x[n-1]}; 0 for none, below 1
 * @param melBins features of one frame, 1 to 1024
 * @param lowHz lower edge of the first mel filter
 * @param highHz upper edge of the last mel filter, at most half the sample rate
 * @param offsetDb added to the power in decibels before scaling
 * @param rangeDb decibels that the feature range 0 to 1 stands for
 */
public record LogMelParameters(
    int sampleRateHz,
    int windowSamples,
    int hopSamples,
    double preEmphasis,
    int melBins,
    double lowHz,
    double highHz,
    double offsetDb,
    double rangeDb)
    implements FrontEndParameters {

  public LogMelParameters {
    Windows.requireWindows(sampleRateHz, windowSamples, hopSamples);
    Windows.require(preEmphasis >= 0 && preEmphasis < 1, "preEmphasis", preEmphasis);
    Windows.requireBands(sampleRateHz, melBins, lowHz, highHz);
    Windows.require(Double.isFinite(offsetDb), "offsetDb", offsetDb);
    Windows.require(rangeDb > 0 && Double.isFinite(rangeDb), "rangeDb", rangeDb);
  }

  @Override
  public int features() {
    return melBins;
  }

  @Override
  public long hopMicros() {
    return Windows.hopMicros(this);
  }

  @Override
  public long frames(long samples) {
    return Windows.frames(this, samples);
  }
}
