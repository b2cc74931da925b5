package dev.earshot.agent.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import dev.earshot.agent.FactoryImage;
import dev.earshot.agent.port.ActiveModel;
import dev.earshot.agent.port.Listening.SelfTestResult;
import dev.earshot.ndp.audio.WavFile;
import dev.earshot.ndp.chip.ChipProfile;
import dev.earshot.protocol.release.ReleaseManifest;
import dev.earshot.protocol.release.SignedManifest;
import dev.earshot.protocol.v1.Environment;
import dev.earshot.protocol.v1.Heartbeat;
import dev.earshot.protocol.v1.SelfTest;
import dev.earshot.protocol.v1.Slot;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EngineListeningTest {
  private final List<Long> wakes = new ArrayList<>();
  private FactoryImage image;
  private ReleaseManifest manifest;
  private short[] audio;

  @BeforeEach
  void load() throws IOException {
    image =
        LocalRelease.image(
            Files.readAllBytes(SharedData.file("models/str_ww_ref_model.tflite")),
            Card.without("ndp120"));
    manifest = SignedManifest.parse(image.manifest()).manifest();
    audio = WavFile.read(SharedData.file("audio/short_wav_easy10s.wav"), 16_000).samples();
  }

  private EngineListening ear(ChipProfile chip) {
    return new EngineListening(
        chip, Environment.CAR, true, (atMillis, word, score) -> wakes.add(atMillis));
  }

  private ActiveModel model(Slot slot) {
    return new ActiveModel(slot, manifest, image.model());
  }

  @Test
  void swapAtAnyFrameOfAWord_losesNoWake() {
    EngineListening undisturbed = ear(ChipProfile.NDP120);
    undisturbed.use(model(Slot.SLOT_A));
    undisturbed.accept(audio, 0, audio.length);
    List<Long> expected = List.copyOf(wakes);
    assertEquals(2, expected.size());

    for (int frame = 32; frame < 43; frame++) { // the first word lies between frames 31 and 51
      wakes.clear();
      EngineListening ear = ear(ChipProfile.NDP120);
      ear.use(model(Slot.SLOT_A));
      int swapAt = frame * 512;
      ear.accept(audio, 0, swapAt);
      ear.use(model(Slot.SLOT_B));
      ear.accept(audio, swapAt, audio.length - swapAt);
      assertEquals(expected, wakes, "swap before frame " + frame);
      Heartbeat.Builder heartbeat = Heartbeat.newBuilder();
      ear.drain(heartbeat);
      assertEquals(282, heartbeat.getInferences(), "no frame without an inference");
    }
  }

  @Test
  void drainedInterval_addsUpAndStartsAnew() {
    EngineListening ear = ear(ChipProfile.NDP120);
    ear.use(model(Slot.SLOT_A));
    ear.accept(audio, 0, audio.length);
    Heartbeat.Builder heartbeat = Heartbeat.newBuilder();
    ear.drain(heartbeat);
    assertEquals(10_000, heartbeat.getListeningMs());
    assertEquals(282, heartbeat.getInferences());
    assertEquals(2, heartbeat.getWakes());
    assertEquals(Environment.CAR, heartbeat.getEnvironment());
    assertEquals(1, heartbeat.getUnexpectedReboots());
    assertEquals(282, heartbeat.getScoreHistogramList().stream().mapToInt(i -> i).sum());
    assertEquals(282, heartbeat.getInferenceUsHistogramList().stream().mapToInt(i -> i).sum());

    Heartbeat.Builder next = Heartbeat.newBuilder();
    ear.drain(next);
    assertEquals(0, next.getInferences() + next.getWakes() + next.getUnexpectedReboots());
  }

  /** The third word's peak of 100 is below the threshold of 115; then a first word is heard. */
  @Test
  void wordThatIsMissedAndSaidAgain_isASuspectedMissWithItsPeak() {
    EngineListening ear = ear(ChipProfile.NDP120);
    ear.use(model(Slot.SLOT_A));
    ear.accept(audio, 0, audio.length);
    Heartbeat.Builder heartbeat = Heartbeat.newBuilder();
    ear.drain(heartbeat);
    assertEquals(0, heartbeat.getSuspectedFalseRejects(), "it may still be said again");

    ear.accept(audio, 0, audio.length / 4);
    Heartbeat.Builder next = Heartbeat.newBuilder();
    ear.drain(next);
    assertEquals(1, next.getWakes());
    assertEquals(1, next.getSuspectedFalseRejects());
    assertEquals(1, next.getSuspectedFalseRejectScores(28), "scores 96 to 103");
    assertEquals(0, next.getConfirmedWakeScoresCount(), "nobody is there to confirm");
  }

  @Test
  void selfTest_comparesEveryOutput() throws IOException {
    SelfTest right = SelfTest.parseFrom(image.selfTest());
    EngineListening ear = ear(ChipProfile.NDP120);
    assertInstanceOf(SelfTestResult.Passed.class, ear.selfTest(manifest, image.model(), right));

    SelfTest.Vector wrong =
        right.getVectors(0).toBuilder().setOutput(ByteString.copyFrom(new byte[3])).build();
    assertEquals(
        new SelfTestResult.Failed("vector 1 gives another output on this device"),
        ear.selfTest(manifest, image.model(), right.toBuilder().addVectors(wrong).build()));
    assertEquals(
        new SelfTestResult.Failed("it has no vectors"),
        ear.selfTest(manifest, image.model(), SelfTest.getDefaultInstance()));
  }

  @Test
  void modelThatTheChipCannotRun_isUnsupportedAndSaysWhy() throws IOException {
    SelfTestResult result =
        ear(ChipProfile.NDP101)
            .selfTest(manifest, image.model(), SelfTest.parseFrom(image.selfTest()));
    String text = assertInstanceOf(SelfTestResult.Unsupported.class, result).text();
    assertTrue(
        text.startsWith("ndp101 can't run it: operators CONV_2D, DEPTHWISE_CONV_2D are not"), text);
  }
}
