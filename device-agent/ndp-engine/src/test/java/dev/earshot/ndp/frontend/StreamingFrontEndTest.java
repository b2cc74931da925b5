package dev.earshot.ndp.frontend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What holds for every front end: chunks do not matter, and nothing is allocated. */
class StreamingFrontEndTest {
  private static short[] noise(int length, long seed) {
    Random random = new Random(seed);
    short[] samples = new short[length];
    for (int i = 0; i < length; i++) {
      samples[i] = (short) (random.nextGaussian() * 4000);
    }
    return samples;
  }

  private static List<String> frames(
      StreamingFrontEnd frontEnd, short[] samples, Random chunks, int longest) {
    List<String> frames = new ArrayList<>();
    for (int at = 0; at < samples.length; ) {
      int chunk = Math.min(samples.length - at, 1 + chunks.nextInt(longest));
      frontEnd.accept(
          samples, at, chunk, frames, (index, features, all) -> all.add(index + bits(features)));
      at += chunk;
    }
    assertEquals(frontEnd.frames(), frames.size());
    return frames;
  }

  private static String bits(float[] features) {
    int[] bits = new int[features.length];
    Arrays.setAll(bits, i -> Float.floatToRawIntBits(features[i]));
    return Arrays.toString(bits);
  }

  @Property(tries = 60, seed = "1")
  void chunks_doNotMatter(
      @ForAll NamedFrontEnd named,
      @ForAll Random chunks,
      @ForAll @IntRange(min = 1, max = 3000) int longest) {
    FrontEnd frontEnd = FrontEnd.of(named.parameters());
    short[] samples = noise(5000, 7);
    List<String> whole =
        frames(new StreamingFrontEnd(frontEnd), samples, new Random(1), samples.length);
    assertEquals(named.parameters().frames(samples.length), whole.size());
    assertEquals(
        whole, frames(new StreamingFrontEnd(frontEnd), samples, chunks, Math.min(longest, 5000)));
  }

  /** The definition without a buffer: each window computed where it lies. */
  @ParameterizedTest
  @EnumSource
  void frames_areThoseOfTheWindowsWhereTheyLie(NamedFrontEnd named) {
    FrontEndParameters parameters = named.parameters();
    short[] samples = noise(6000, 3);
    short[] padded = new short[samples.length + 1];
    System.arraycopy(samples, 0, padded, 1, samples.length);
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < parameters.frames(samples.length); i++) {
      float[] features = new float[parameters.features()];
      FrontEnd.of(parameters).compute(padded, i * parameters.hopSamples(), features);
      expected.add(i + bits(features));
    }
    StreamingFrontEnd streaming = new StreamingFrontEnd(FrontEnd.of(parameters));
    assertEquals(expected, frames(streaming, samples, new Random(2), 100));
  }

  @Test
  void devicesThatShareTheArithmetic_doNotDisturbEachOther() {
    FrontEnd shared = FrontEnd.of(FrontEndParameters.KEYWORD_SPOTTING);
    StreamingFrontEnd first = new StreamingFrontEnd(shared);
    StreamingFrontEnd second = new StreamingFrontEnd(shared);
    short[] a = noise(4800, 1);
    short[] b = noise(4800, 2);
    List<String> heard = new ArrayList<>();
    for (int at = 0; at < a.length; at += 100) {
      first.accept(a, at, 100, heard, (index, features, all) -> {});
      second.accept(b, at, 100, heard, (index, features, all) -> all.add(index + bits(features)));
    }
    assertEquals(frames(new StreamingFrontEnd(shared), b, new Random(1), 500), heard);
  }

  @ParameterizedTest
  @EnumSource
  void listening_allocatesNothing(NamedFrontEnd named) {
    StreamingFrontEnd frontEnd = new StreamingFrontEnd(FrontEnd.of(named.parameters()));
    byte[] quantized = new byte[named.parameters().features()];
    FeatureQuantizer quantizer = new FeatureQuantizer(0.01f, -50);
    StreamingFrontEnd.FrameSink<byte[]> sink =
        (index, features, into) -> quantizer.quantize(features, into, 0);
    short[] samples = noise(16_000, 3);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    frontEnd.accept(samples, 0, samples.length, quantized, sink);
    threads.getCurrentThreadAllocatedBytes();
    long before = threads.getCurrentThreadAllocatedBytes();
    frontEnd.accept(samples, 0, samples.length, quantized, sink);
    assertEquals(0, threads.getCurrentThreadAllocatedBytes() - before);
  }

  @Test
  void reset_startsAnotherStream() {
    StreamingFrontEnd frontEnd =
        new StreamingFrontEnd(FrontEnd.of(FrontEndParameters.STREAMING_WAKE_WORD));
    short[] samples = noise(3000, 5);
    List<String> before = frames(frontEnd, samples, new Random(1), 700);
    frontEnd.reset();
    assertEquals(before, frames(frontEnd, samples, new Random(2), 700));
  }

  @Test
  void ndp101_sees968MillisecondsIn40Frames() {
    FrontEndParameters ndp101 = NamedFrontEnd.require("ndp101-log-mel");
    assertEquals(40, ndp101.frames(968 * 16));
    assertEquals(39, ndp101.frames(968 * 16 - 1));
    assertEquals(24_000, ndp101.hopMicros());
  }

  @Test
  void unknownName_isRefusedWithThoseThatThereAre() {
    assertEquals(
        "frontEnd: 'mfcc' (expected: one of streaming-wake-word, keyword-spotting-mfcc,"
            + " ndp101-log-mel)",
        assertThrows(IllegalArgumentException.class, () -> NamedFrontEnd.require("mfcc"))
            .getMessage());
  }
}
