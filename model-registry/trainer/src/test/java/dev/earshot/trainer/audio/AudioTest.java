package dev.earshot.trainer.audio;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class AudioTest {
  @Test
  void resampledTone_keepsItsPitchAndLoudness() {
    float[] tone = tone(1000, 22_050, 22_050);

    float[] resampled = new Resampler(22_050, Clip.RATE).resample(tone);

    float[] expected = tone(1000, Clip.RATE, Clip.RATE);
    assertEquals(expected.length, resampled.length);
    for (int i = 500; i < resampled.length - 500; i++) {
      assertEquals(expected[i], resampled[i], 0.01, "sample " + i);
    }
  }

  @Test
  void toneAboveTheNewBand_isRemoved() {
    float[] resampled = new Resampler(22_050, Clip.RATE).resample(tone(9500, 22_050, 22_050));

    assertTrue(Clip.rms(resampled) < 0.02, "rms " + Clip.rms(resampled));
  }

  @Test
  void trimmedClip_losesOnlyTheSilenceAroundIt() {
    float[] samples = new float[Clip.RATE];
    System.arraycopy(tone(400, Clip.RATE, 4800), 0, samples, 3200, 4800);

    Clip trimmed = new Clip(samples).trimmed(30);

    assertEquals(4800, trimmed.length());
  }

  @Test
  void pinkNoise_fallsThreeDecibelsAnOctave() {
    double low = bandRms(250);
    double high = bandRms(2000);

    // The bands are of equal relative width, so pink noise is equally loud in both.
    assertEquals(0, 20 * Math.log10(high / low), 1.5);
  }

  @Test
  void sameName_givesTheSameStream_otherNameAnother() {
    assertEquals(Seeds.random(5, "a", 1).nextLong(), Seeds.random(5, "a", 1).nextLong());
    assertNotEquals(Seeds.random(5, "a", 1).nextLong(), Seeds.random(5, "a", 2).nextLong());
    assertNotEquals(Seeds.random(5, "a", 1).nextLong(), Seeds.random(6, "a", 1).nextLong());
    assertNotEquals(Seeds.random(5, "ab").nextLong(), Seeds.random(5, "a", "b").nextLong());
  }

  @Test
  void roomWithoutEcho_changesNothing() {
    Clip dry = new Clip(tone(300, Clip.RATE, 2000));

    assertArrayEquals(dry.samples(), new Room(Seeds.random(1), 0, 0.5).play(dry).samples());
  }

  @Test
  void roomWithEcho_addsAboutTheEnergyItWasAskedFor() {
    White white = new White(3);
    float[] samples = new float[Clip.RATE];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = (float) white.next();
    }
    Clip wet = new Room(Seeds.random(1), 300, 0.5).play(new Clip(samples));

    double added = Math.pow(Clip.rms(wet.samples()) / Clip.rms(samples), 2) - 1;
    assertEquals(0.5, added, 0.15);
  }

  private static double bandRms(double hertz) {
    Pink pink = new Pink(17);
    Biquad band = Biquad.bandPass(hertz, 2);
    float[] out = new float[4 * Clip.RATE];
    for (int i = 0; i < out.length; i++) {
      out[i] = (float) band.next(pink.next());
    }
    return Clip.rms(out);
  }

  private static float[] tone(double hertz, int rate, int length) {
    float[] samples = new float[length];
    for (int i = 0; i < length; i++) {
      samples[i] = (float) Math.sin(2 * Math.PI * hertz * i / rate);
    }
    return samples;
  }
}
