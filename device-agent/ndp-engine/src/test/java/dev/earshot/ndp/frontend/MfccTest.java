package dev.earshot.ndp.frontend;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.earshot.ndp.MlperfTiny;
import dev.earshot.ndp.NdpModel;
import dev.earshot.ndp.audio.WavFile;
import dev.earshot.ndp.graph.Quantization;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The keyword-spotting front end against its definition, computed here directly and slowly, and
 * against what the benchmark's inputs and model show of the one that made them. The benchmark gives
 * no audio for its inputs, so no frame of speech can be compared bit by bit.
 */
class MfccTest {
  private static final MfccParameters PARAMETERS = FrontEndParameters.KEYWORD_SPOTTING;

  /** Class 11 of the reference model: none of its ten words, and not silence. */
  private static final int UNKNOWN = 11;

  private static short[] noise(int length, long seed, double deviation) {
    Random random = new Random(seed);
    short[] samples = new short[length];
    for (int i = 0; i < length; i++) {
      samples[i] =
          (short) Math.clamp(Math.round(random.nextGaussian() * deviation), -32_768, 32_767);
    }
    return samples;
  }

  private static short[] tone(double hertz, double amplitude) {
    short[] samples = new short[481];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = (short) Math.round(amplitude * Math.sin(2 * Math.PI * hertz * i / 16_000));
    }
    return samples;
  }

  private static float[] frame(MfccParameters parameters, short[] samples) {
    float[] features = new float[parameters.features()];
    new Mfcc(parameters).compute(samples, 0, features);
    return features;
  }

  private static byte[] quantized(FrontEnd frontEnd, FeatureQuantizer quantizer, short[] clip) {
    int frames = (int) frontEnd.parameters().frames(clip.length);
    byte[] all = new byte[frames * frontEnd.parameters().features()];
    new StreamingFrontEnd(frontEnd)
        .accept(
            clip,
            0,
            clip.length,
            all,
            (index, features, into) ->
                quantizer.quantize(features, into, (int) index * features.length));
    return all;
  }

  /** Logarithm of the magnitude in each band: a direct transform of 512 points, and triangles. */
  private static double[] slowLogs(short[] samples) {
    double[] magnitude = new double[257];
    for (int bin = 0; bin < magnitude.length; bin++) {
      double re = 0;
      double im = 0;
      for (int i = 0; i < 480; i++) {
        double hann = Math.pow(Math.sin(Math.PI * i / 480), 2);
        double x = hann * samples[i + 1] / 32_768;
        re += x * Math.cos(2 * Math.PI * bin * i / 512);
        im += x * Math.sin(2 * Math.PI * bin * i / 512);
      }
      magnitude[bin] = Math.hypot(re, im);
    }
    double[] logs = new double[40];
    double low = mel(20);
    double spacing = (mel(4000) - low) / 41;
    for (int band = 0; band < 40; band++) {
      double center = low + (band + 1) * spacing;
      double sum = 0;
      for (int bin = 1; bin < magnitude.length; bin++) {
        double distance = Math.abs(mel(bin * 16_000 / 512.0) - center);
        sum += Math.max(0, 1 - distance / spacing) * magnitude[bin];
      }
      logs[band] = Math.log(sum + 1e-6);
    }
    return logs;
  }

  private static double mel(double hertz) {
    return 1127 * Math.log1p(hertz / 700);
  }

  @ParameterizedTest
  @ValueSource(doubles = {3, 300, 9000})
  void noise_givesTheCoefficientsOfTheDefinition(double deviation) {
    for (int seed = 0; seed < 5; seed++) {
      short[] samples = noise(481, seed, deviation);
      double[] logs = slowLogs(samples);
      float[] features = frame(PARAMETERS, samples);
      for (int k = 0; k < 10; k++) {
        double sum = 0;
        for (int band = 0; band < 40; band++) {
          // TensorFlow's DCT-II is twice this sum; it then divides by sqrt(2 * 40).
          sum += 2 * logs[band] * Math.cos(Math.PI * k * (2 * band + 1) / 80.0);
        }
        assertEquals(sum / Math.sqrt(80), features[k], 2e-4, "coefficient " + k);
      }
    }
  }

  /** With as many coefficients as bands the transform can be undone. */
  @ParameterizedTest
  @ValueSource(doubles = {300, 1000, 2500, 3700})
  void tone_isLoudestInItsBand(double hertz) {
    MfccParameters all = new MfccParameters(16_000, 480, 320, 40, 40, 20, 4000, 1e-6, 32_768);
    float[] features = frame(all, tone(hertz, 8000));
    int loudest = 0;
    double most = Double.NEGATIVE_INFINITY;
    for (int band = 0; band < 40; band++) {
      double log = features[0] / 2;
      for (int k = 1; k < 40; k++) {
        log += features[k] * Math.cos(Math.PI * k * (band + 0.5) / 40);
      }
      if (log > most) {
        most = log;
        loudest = band;
      }
    }
    double spacing = (mel(4000) - mel(20)) / 41;
    long nearest = Math.round((mel(hertz) - mel(20)) / spacing) - 1;
    assertEquals(nearest, loudest);
  }

  @Test
  void twiceAsLoud_movesTheFirstCoefficientOnly() {
    short[] soft = noise(481, 1, 2000);
    short[] loud = new short[soft.length];
    for (int i = 0; i < soft.length; i++) {
      loud[i] = (short) (2 * soft[i]);
    }
    float[] expected = frame(PARAMETERS, soft);
    expected[0] += (float) (Math.log(2) * Math.sqrt(80));
    assertArrayEquals(expected, frame(PARAMETERS, loud), 1e-3f);
  }

  @Test
  void silence_isTheLogarithmOfTheFloorAndNothingElse() {
    float[] expected = new float[10];
    expected[0] = (float) (Math.log(1e-6) * Math.sqrt(80));
    assertArrayEquals(expected, frame(PARAMETERS, new short[481]), 1e-5f);
    assertArrayEquals(
        Arrays.copyOfRange(expected, 1, 10),
        Arrays.copyOfRange(frame(PARAMETERS, new short[481]), 1, 10));
  }

  @Test
  void oneSecond_is49FramesOf10() {
    assertEquals(49, PARAMETERS.frames(16_000));
    assertEquals(10, PARAMETERS.features());
    assertEquals(20_000, PARAMETERS.hopMicros());
  }

  @Test
  void clip_countsItsLargestSampleAsOne() {
    short[] clip = {-900, 30, 12};
    assertEquals(30, PARAMETERS.ofClip(clip).fullScale());
    assertEquals(PARAMETERS, PARAMETERS.ofClip(new short[] {-5, 0}));
  }

  @Test
  void moreCoefficientsThanBands_areRefused() {
    assertEquals(
        "front end coefficients: 41 is out of range",
        assertThrows(
                IllegalArgumentException.class,
                () -> new MfccParameters(16_000, 480, 320, 40, 41, 20, 4000, 1e-6, 32_768))
            .getMessage());
  }

  /**
   * The converter takes the smallest feature that it saw as int8 -128, to half a step. Digital
   * silence, which padded clips hold, is the smallest that there can be.
   */
  @Test
  void modelsInputRange_beginsAtOurSilence() throws IOException {
    Quantization input = kws().input().requireQuantization();
    double smallest = (double) input.scale() * (-128 - input.zeroPoint());
    assertEquals(smallest, frame(PARAMETERS, new short[481])[0], input.scale() / 2);
  }

  /**
   * Silent frames of the benchmark's inputs: -128 and then the zero point, but for coefficients
   * where single precision left a little below zero, which truncates to one less.
   */
  @Test
  void silenceInTheBenchmarksInputs_isOursToOneStep() throws IOException {
    FeatureQuantizer quantizer = FeatureQuantizer.of(kws().input().requireQuantization());
    byte[] ours = quantized(new Mfcc(PARAMETERS), quantizer, new short[480]);
    assertArrayEquals(new byte[] {-128, 83, 83, 83, 83, 83, 83, 83, 83, 83}, ours);
    int silent = 0;
    for (MlperfTiny.Row row : MlperfTiny.rows("kws_inputs", 'x')) {
      for (int at = 0; at < row.values().length; at += 10) {
        if (row.values()[at] == -128) {
          silent++;
          for (int k = 1; k < 10; k++) {
            assertEquals(83 - row.values()[at + k], row.values()[at + k] == 82 ? 1 : 0, row.name());
          }
        }
      }
    }
    assertEquals(267, silent);
  }

  /** A word of Speech Commands that is none of the model's ten. */
  @Test
  void marvin_isAnUnknownWordToTheReferenceModel() throws IOException {
    NdpModel model = kws();
    FeatureQuantizer quantizer = FeatureQuantizer.of(model.input().requireQuantization());
    short[] clip = WavFile.read(MlperfTiny.file("audio/marvin_617de221_0.wav"), 16_000).samples();
    byte[] input = quantized(new Mfcc(PARAMETERS.ofClip(clip)), quantizer, clip);
    byte[] output = model.newInference().run(input);
    assertTrue(output[UNKNOWN] > 115, () -> Arrays.toString(output));
  }

  private static NdpModel kws() throws IOException {
    return NdpModel.parse(MlperfTiny.model("kws_ref_model"));
  }
}
