package dev.earshot.ndp.frontend;

/**
 * Mel-frequency cepstral coefficients: the first terms of a cosine transform of the logarithms of
 * the mel bands, which say how loud a frame is and how its spectrum bends, and not more.
 *
 * @param sampleRateHz of the audio, 1000 to 192000
 * @param windowSamples samples under one Hann window, 16 to 65536; the FFT has the next power of
 *     two
 * @param hopSamples samples between the starts of two windows, 1 to the window
 * @param melBins mel bands, 1 to 1024
 * @param coefficients features of one frame, 1 to the number of bands
 * @param lowHz lower edge of the first mel filter
 * @param highHz upper edge of the last mel filter, at most half the sample rate
 * @param floor added to the magnitude of a band before the logarithm, so that silence has one;
 *     above 0
 * @param fullScale the sample value that counts as 1, above 0 and at most 32768
 */
public record MfccParameters(
    int sampleRateHz,
    int windowSamples,
    int hopSamples,
    int melBins,
    int coefficients,
    double lowHz,
    double highHz,
    double floor,
    double fullScale)
    implements FrontEndParameters {

  public MfccParameters {
    Windows.requireWindows(sampleRateHz, windowSamples, hopSamples);
    Windows.requireBands(sampleRateHz, melBins, lowHz, highHz);
    Windows.require(coefficients >= 1 && coefficients <= melBins, "coefficients", coefficients);
    Windows.require(floor > 0 && Double.isFinite(floor), "floor", floor);
    Windows.require(fullScale > 0 && fullScale <= 32_768, "fullScale", fullScale);
  }

  /**
   * The same for one clip as the training code of MLPerf Tiny's keyword spotting scales it: its
   * largest sample counts as 1 (the largest, not that of the largest magnitude). That code divides
   * by zero where no sample is above 0; such a clip stays as it is here.
   */
  public MfccParameters ofClip(short[] clip) {
    int largest = 0;
    for (short sample : clip) {
      largest = Math.max(largest, sample);
    }
    return largest == 0
        ? this
        : new MfccParameters(
            sampleRateHz,
            windowSamples,
            hopSamples,
            melBins,
            coefficients,
            lowHz,
            highHz,
            floor,
            largest);
  }

  @Override
  public int features() {
    return coefficients;
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
