package dev.earshot.ndp.detector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.earshot.ndp.detector.PosteriorParameters.Word;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class PosteriorHandlerTest {
  private static final int CLASSES = 5;
  private static final int FRAME = 20;
  private static final PosteriorParameters TWO_WORDS =
      words(new DetectorParameters(0, 50, 1, 100), new DetectorParameters(2, 0, 1, 300));

  private static PosteriorParameters words(DetectorParameters... detectors) {
    List<Word> words = new ArrayList<>();
    for (DetectorParameters detector : detectors) {
      words.add(new Word("word " + words.size(), detector));
    }
    return new PosteriorParameters(words);
  }

  private static byte[] scores(int first, int second) {
    return new byte[] {(byte) first, -128, (byte) second, -128, -128};
  }

  @Provide
  Arbitrary<PosteriorParameters> parameters() {
    Arbitrary<DetectorParameters> detector =
        Combinators.combine(
                Arbitraries.integers().between(-128, 127),
                Arbitraries.integers().between(1, 16),
                Arbitraries.integers().between(0, 30).map(frames -> frames * FRAME))
            .as(
                (threshold, smoothing, quiet) ->
                    new DetectorParameters(0, threshold, smoothing, quiet));
    return detector
        .list()
        .ofMinSize(1)
        .ofMaxSize(CLASSES - 1)
        .map(
            some -> {
              DetectorParameters[] words = new DetectorParameters[some.size()];
              for (int i = 0; i < words.length; i++) {
                words[i] =
                    new DetectorParameters(
                        i,
                        some.get(i).thresholdScore(),
                        some.get(i).smoothingFrames(),
                        some.get(i).refractoryMillis());
              }
              return words(words);
            });
  }

  /** Outputs of a made-up model: one class is loud for some frames, then another. */
  private static List<byte[]> outputs(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<byte[]> outputs = new ArrayList<>();
    int loud = 0;
    for (int i = 0; i < 300; i++) {
      loud = random.nextInt(8) == 0 ? random.nextInt(CLASSES) : loud;
      byte[] scores = new byte[CLASSES];
      random.nextBytes(scores);
      scores[loud] = (byte) random.nextInt(60, 128);
      outputs.add(scores);
    }
    return outputs;
  }

  @Property(tries = 200, seed = "1")
  void oneWord_isADetector(
      @ForAll("parameters") PosteriorParameters parameters, @ForAll long seed) {
    DetectorParameters word = parameters.first().detector();
    Detector detector = new Detector(word);
    PosteriorHandler handler = new PosteriorHandler(PosteriorParameters.of(word));
    long at = 0;
    for (byte[] scores : outputs(seed)) {
      boolean wakes = detector.accept(scores[word.wakeClass()], at);
      assertEquals(wakes ? 0 : PosteriorHandler.NOTHING, handler.accept(scores, at));
      assertEquals(detector.smoothedScore(), handler.smoothedScore(0));
      assertEquals(detector.smoothedCeiling(), handler.smoothedCeiling(0));
      at += FRAME;
    }
  }

  @Property(tries = 200, seed = "2")
  void wordThatWakes_isAboveItsThresholdWithAFullWindowAndNotInItsBackOff(
      @ForAll("parameters") PosteriorParameters parameters, @ForAll long seed) {
    PosteriorHandler handler = new PosteriorHandler(parameters);
    List<byte[]> outputs = outputs(seed);
    long[] last = new long[parameters.words().size()];
    java.util.Arrays.fill(last, -1_000_000);
    for (int i = 0; i < outputs.size(); i++) {
      long at = (long) i * FRAME;
      int woke = handler.accept(outputs.get(i), at);
      if (woke == PosteriorHandler.NOTHING) {
        continue;
      }
      DetectorParameters word = parameters.words().get(woke).detector();
      assertTrue(i + 1 >= word.smoothingFrames(), "window of " + word + " at output " + i);
      assertTrue(at - last[woke] >= word.refractoryMillis(), "back-off of " + word);
      last[woke] = at;
      double sum = 0;
      for (int k = 0; k < word.smoothingFrames(); k++) {
        sum += outputs.get(i - k)[word.wakeClass()];
      }
      assertTrue(sum / word.smoothingFrames() > word.thresholdScore());
    }
  }

  /** What a negative class says changes nothing, and it is never what wakes. */
  @Property(tries = 100, seed = "3")
  void negativeClasses_doNotCount(
      @ForAll("parameters") PosteriorParameters parameters, @ForAll long seed) {
    PosteriorHandler handler = new PosteriorHandler(parameters);
    PosteriorHandler other = new PosteriorHandler(parameters);
    SplittableRandom random = new SplittableRandom(seed);
    long at = 0;
    for (byte[] scores : outputs(seed)) {
      byte[] changed = scores.clone();
      for (int negative : parameters.negativeClasses(CLASSES)) {
        changed[negative] = (byte) random.nextInt(-128, 128);
      }
      assertEquals(handler.accept(scores, at), other.accept(changed, at));
      at += FRAME;
    }
  }

  @Property(tries = 100, seed = "4")
  void reset_startsAnew(@ForAll("parameters") PosteriorParameters parameters, @ForAll long seed) {
    PosteriorHandler used = new PosteriorHandler(parameters);
    outputs(seed + 1).forEach(scores -> used.accept(scores, 1_000_000));
    used.reset();
    PosteriorHandler fresh = new PosteriorHandler(parameters);
    long at = 0;
    for (byte[] scores : outputs(seed)) {
      assertEquals(fresh.accept(scores, at), used.accept(scores, at));
      at += FRAME;
    }
  }

  @Test
  void eachWord_hasAThresholdOfItsOwn() {
    PosteriorHandler handler = new PosteriorHandler(TWO_WORDS);
    assertEquals(PosteriorHandler.NOTHING, handler.accept(scores(50, 0), 0));
    assertEquals(0, handler.accept(scores(51, 0), 20));
    assertEquals(1, handler.accept(scores(50, 1), 40));
  }

  @Test
  void eachWord_hasABackOffOfItsOwn() {
    PosteriorHandler handler = new PosteriorHandler(TWO_WORDS);
    assertEquals(1, handler.accept(scores(-128, 90), 0));
    assertEquals(0, handler.accept(scores(90, -128), 20));
    assertEquals(PosteriorHandler.NOTHING, handler.accept(scores(90, 90), 100));
    assertEquals(0, handler.accept(scores(90, 90), 120));
    assertEquals(1, handler.accept(scores(-128, 90), 300));
  }

  @Test
  void louderWord_winsAndTheOtherIsQuietToo() {
    PosteriorHandler handler = new PosteriorHandler(TWO_WORDS);
    assertEquals(1, handler.accept(scores(60, 61), 0));
    assertEquals(PosteriorHandler.NOTHING, handler.accept(scores(60, 61), 99));
    assertEquals(0, handler.accept(scores(60, 61), 100));
  }

  @Test
  void equallyLoudWords_areTheFirst() {
    assertEquals(0, new PosteriorHandler(TWO_WORDS).accept(scores(60, 60), 0));
  }

  /** 100 1/3 against 100: neither may be rounded before they are compared. */
  @Test
  void averagesOverDifferentWindows_areComparedExactly() {
    PosteriorHandler handler =
        new PosteriorHandler(
            words(new DetectorParameters(0, 90, 1, 0), new DetectorParameters(2, 90, 3, 0)));
    assertEquals(0, handler.accept(scores(100, 101), 0));
    assertEquals(0, handler.accept(scores(100, 100), 20));
    assertEquals(1, handler.accept(scores(100, 100), 40));
  }

  @Test
  void loserOfTheFirstPlace_isNoMissAboveItsThreshold() {
    EventPeaks peaks = new EventPeaks(TWO_WORDS.first().detector());
    List<String> events = new ArrayList<>();
    peaks.accept(60, false, 0, (peak, woke, at) -> events.add(peak + " " + woke));
    peaks.finish(20, (peak, woke, at) -> events.add(peak + " " + woke));
    assertEquals(List.of("50 false"), events);
  }

  @Test
  void accept_allocatesNothing() {
    PosteriorHandler handler = new PosteriorHandler(TWO_WORDS);
    byte[] scores = scores(90, 90);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    handler.accept(scores, 0);
    threads.getCurrentThreadAllocatedBytes();
    long before = threads.getCurrentThreadAllocatedBytes();
    int woke = 0;
    for (int at = 20; at < 20_000; at += 20) {
      woke += handler.accept(scores, at) == PosteriorHandler.NOTHING ? 0 : 1;
    }
    assertEquals(0, threads.getCurrentThreadAllocatedBytes() - before);
    assertTrue(woke > 0);
  }

  @Test
  void wrongWords_areNamed() {
    assertMessage(
        "word word 1 wakeClass: 3 is another word's (expected: one of its own)",
        () -> words(new DetectorParameters(3, 0, 1, 0), new DetectorParameters(3, 9, 1, 0)));
    assertMessage("words: 0 (expected: 1 to 63)", PosteriorHandlerTest::words);
    Word go = new Word("go", new DetectorParameters(0, 0, 1, 0));
    Word again = new Word("go", new DetectorParameters(1, 0, 1, 0));
    assertMessage(
        "word label: 'go' is there twice (expected: different ones)",
        () -> new PosteriorParameters(List.of(go, again)));
    assertMessage(
        "detector wakeClass: 2 (expected: below the model's 2 outputs)",
        () -> TWO_WORDS.requireOutputs(2));
  }

  @Test
  void ndp101_hasOneNegativeClassAndItIsTheLast() {
    PosteriorParameters both =
        words(new DetectorParameters(0, 0, 1, 0), new DetectorParameters(1, 0, 1, 0));
    both.requireOneNegativeClassLast(3);
    assertMessage(
        "negative classes: [2, 3] (expected: the last output alone, [3])",
        () -> both.requireOneNegativeClassLast(4));
    assertMessage(
        "negative classes: [1] (expected: the last output alone, [2])",
        () -> TWO_WORDS.requireOneNegativeClassLast(3));
    assertFalse(both.negativeClasses(4).contains(1));
  }

  private static void assertMessage(String expected, Runnable wrong) {
    assertEquals(expected, assertThrows(IllegalArgumentException.class, wrong::run).getMessage());
  }
}
