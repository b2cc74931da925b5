package dev.earshot.simulator.world;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.earshot.agent.port.ActiveModel;
import dev.earshot.ndp.DetectionSink;
import dev.earshot.ndp.NdpModel;
import dev.earshot.ndp.WakeWordEngine;
import dev.earshot.ndp.detector.Detection;
import dev.earshot.ndp.detector.DetectorParameters;
import dev.earshot.ndp.frontend.FrontEndParameters;
import dev.earshot.protocol.release.Evaluation;
import dev.earshot.protocol.release.ReleaseManifest;
import dev.earshot.protocol.release.ReleaseManifest.Target;
import dev.earshot.protocol.release.ReleaseRef;
import dev.earshot.protocol.v1.DeviceAttributes;
import dev.earshot.protocol.v1.Environment;
import dev.earshot.protocol.v1.Slot;
import dev.earshot.simulator.audio.SceneLibrary;
import dev.earshot.simulator.audio.SceneLibrary.Scene;
import dev.earshot.simulator.audio.SceneLibrary.Word;
import dev.earshot.simulator.audio.SharedEar;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A bundled model hears chirps and clatter: no word, but it says something about them. */
class AudioAcousticsTest {
  private static final long START = 1_700_000_000_000L;
  private static final int SECONDS = 20;

  /** So low that chirps are events. */
  private static final int THRESHOLD = -100;

  @TempDir private Path folder;
  private short[] pcm = new short[0];
  private SharedEar ear;
  private ActiveModel model;
  private Behaviour behaviour;

  @BeforeEach
  void render() throws IOException {
    pcm = chirps();
    Files.write(folder.resolve("kitchen.wav"), wav(pcm));
    ear =
        new SharedEar(
            new SceneLibrary(
                folder,
                List.of(
                    new Scene("kitchen.wav", "kitchen", List.of()),
                    new Scene("kitchen.wav", "kitchen", List.of(new Word(5000, 6000))))));
    byte[] tflite =
        Files.readAllBytes(
            BundledReleasesTest.root()
                .resolve("model-registry/releases/hey-nova-1.0.0/model.tflite"));
    Target none = Target.of("{}".getBytes(StandardCharsets.UTF_8));
    model =
        new ActiveModel(
            Slot.SLOT_A,
            new ReleaseManifest(
                ReleaseRef.parse("hey-nova:1.0.0"),
                1,
                Instant.parse("2099-01-01T00:00:00Z"),
                List.of("ndp120"),
                "low threshold",
                Target.of(tflite),
                none,
                none,
                none,
                new ReleaseManifest.Detector(0, THRESHOLD, 3, 1000),
                "streaming-wake-word"),
            tflite);
    Evaluation evaluation = BundledReleasesTest.read("hey-nova-1.0.0");
    behaviour =
        Objects.requireNonNull(Behaviour.of(evaluation, THRESHOLD).get(Environment.KITCHEN));
  }

  private AudioAcoustics device(double attemptsPerDay) {
    DeviceProfile standard = new Population("home", 3, PopulationMix.standard()).device(0);
    AudioAcoustics acoustics =
        new AudioAcoustics(
            new DeviceProfile(
                0,
                standard.id(),
                DeviceAttributes.newBuilder().setChip("ndp120").build(),
                Environment.KITCHEN,
                1,
                1,
                attemptsPerDay,
                1,
                2),
            0,
            7,
            0,
            ear);
    acoustics.use(model);
    return acoustics;
  }

  /** What the engine alone says of the same samples. */
  private static final class Alone implements DetectionSink {
    private int wakes;
    private final int[] scores = new int[32];
  
    @Override
    public void onScore(long frameIndex, int score) {
      scores[Evaluation.scoreBucket(score)]++;
    }

    @Override
    public void onDetection(Detection detection) {
      wakes++;
    }
  }

  private Alone alone() throws Exception {
    Alone alone = new Alone();
    new WakeWordEngine(
            NdpModel.parse(model.model()),
            FrontEndParameters.STREAMING_WAKE_WORD,
            new DetectorParameters(0, THRESHOLD, 3, 1000))
        .accept(pcm, 0, pcm.length, alone);
    return alone;
  }

  @Test
  void device_hearsWhatTheEngineHears() throws Exception {
    Interval interval = new Interval();
    device(0).advance(START, START + SECONDS * 1000, behaviour, interval);
    Alone alone = alone();
    assertTrue(alone.wakes >= 3, alone.wakes + " wakes");
    List<Integer> peaks = interval.peaks(Interval.Peak.FALSE_ACCEPT);
    for (int bucket = 0; bucket < 32; bucket++) {
      assertEquals(alone.scores[bucket], (int) interval.score(bucket), "bucket " + bucket);
    }
    assertEquals(alone.wakes, interval.falseAccepts(), "the last event ends with the scene");
    assertEquals(interval.falseAccepts(), peaks.stream().mapToInt(i -> i).sum());
    assertEquals(interval.wakes(), interval.falseAccepts(), "nobody spoke");
    assertEquals(SECONDS * 1000, interval.listeningMillis());
  }

  @Test
  void lookingMoreOften_changesNothingThatHappens() {
    Interval once = new Interval();
    device(2000).advance(START, START + 600_000, behaviour, once);
    Interval often = new Interval();
    AudioAcoustics acoustics = device(2000);
    for (int second = 0; second < 600; second++) {
      acoustics.advance(
          START + second * 1000L, START + (second + 1) * 1000L, behaviour, often);
    }
    assertTrue(once.wakeAttempts() > 5, once.wakeAttempts() + " attempts");
    assertEquals(once.falseAccepts(), often.falseAccepts());
    assertEquals(once.wakeAttempts(), often.wakeAttempts());
    assertEquals(once.missedWakes(), often.missedWakes());
    assertEquals(once.inferences(), often.inferences());
    for (Interval.Peak kind : Interval.Peak.values()) {
      assertEquals(once.peaks(kind), often.peaks(kind));
    }
  }

  private static short[] chirps() {
    short[] samples = new short[SECONDS * 16_000];
    SplittableRandom random = new SplittableRandom(2);
    for (int second = 0; second < SECONDS; second++) {
      double from = random.nextDouble(200, 900);
      double to = random.nextDouble(600, 3000);
      double phase = 0;
      for (int i = 0; i < 16_000; i++) {
        double at = i / 16_000.0;
        phase += 2 * Math.PI * (from + (to - from) * at) / 16_000;
        double sound = Math.sin(phase) + .6 * Math.sin(2 * phase) + .4 * Math.sin(3 * phase);
        double loud = Math.sin(Math.PI * Math.min(1, at * 1.6)) * 5000;
        samples[second * 16_000 + i] =
            (short) (loud * sound + random.nextDouble(-80, 80));
      }
    }
    return samples;
  }

  private static byte[] wav(short[] samples) {
    ByteBuffer bytes =
        ByteBuffer.allocate(44 + 2 * samples.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.put("RIFF".getBytes(StandardCharsets.US_ASCII)).putInt(36 + 2 * samples.length);
    bytes.put("WAVEfmt ".getBytes(StandardCharsets.US_ASCII)).putInt(16).putShort((short) 1);
    bytes.putShort((short) 1).putInt(16_000).putInt(32_000).putShort((short) 2);
    bytes.putShort((short) 16).put("data".getBytes(StandardCharsets.US_ASCII));
    bytes.putInt(2 * samples.length);
    for (short sample : samples) {
      bytes.putShort(sample);
    }
    return bytes.array();
  }
}
