package dev.earshot.ndp.frontend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FrontEndTest {
  @Test
  void silence_isZero() {
    float[] features = new float[40];
    Arrays.fill(features, 1);
    new LogMel(FrontEndParameters.STREAMING_WAKE_WORD).compute(new short[1025], 0, features);
    assertEquals(Arrays.toString(new float[40]), Arrays.toString(features));
  }

  @Test
  void tone_isHighestInItsBand() {
    short[] samples = new short[1025];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = (short) (8000 * Math.sin(2 * Math.PI * 1000 * i / 16_000));
    }
    float[] features = new float[40];
    new LogMel(FrontEndParameters.STREAMING_WAKE_WORD).compute(samples, 0, features);
    int highest = 0;
    for (int i = 0; i < features.length; i++) {
      highest = features[i] > features[highest] ? i : highest;
    }
    // 1000 Hz is at mel 1000 of 2840; filter k is centred at (k + 1) / 41 of that.
    assertEquals(13, highest);
  }

  /** Parseval and a direct transform, for all sizes that parameters allow. */
  @Test
  void powerSpectrum_equalsADirectTransform() {
    for (int length : new int[] {8, 16, 32, 64, 512, 1024}) {
      Random random = new Random(length);
      double[] signal = random.doubles(length, -1, 1).toArray();
      RealFft fft = new RealFft(length);
      double[] power = new double[fft.bins()];
      fft.power(signal, new double[length / 2], new double[length / 2], power);
      for (int bin = 0; bin < fft.bins(); bin++) {
        double re = 0;
        double im = 0;
        for (int i = 0; i < length; i++) {
          re += signal[i] * Math.cos(2 * Math.PI * bin * i / length);
          im -= signal[i] * Math.sin(2 * Math.PI * bin * i / length);
        }
        assertEquals(re * re + im * im, power[bin], 1e-9, "bin " + bin + " of " + length);
      }
    }
  }

  @Test
  void quantizer_truncatesTowardZeroAndSaturates() {
    FeatureQuantizer quantizer = new FeatureQuantizer(0.01f, -50);
    assertEquals(-50, quantizer.quantize(0));
    assertEquals(-48, quantizer.quantize(0.0101f));
    assertEquals(-49, quantizer.quantize(0.0049f));
    assertEquals(0, quantizer.quantize(0.5099f));
    assertEquals(127, quantizer.quantize(5));
  }

  @Test
  void parametersOutOfRange_areNamed() {
    assertEquals(
        "front end highHz: 9000.0 is out of range",
        assertThrows(
                IllegalArgumentException.class,
                () -> new LogMelParameters(16_000, 1024, 512, 0.9, 40, 0, 9000, 52, 64))
            .getMessage());
  }
}
