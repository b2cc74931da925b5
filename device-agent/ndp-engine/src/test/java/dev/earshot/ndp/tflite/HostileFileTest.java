package dev.earshot.ndp.tflite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.earshot.ndp.NdpModel;
import dev.earshot.ndp.graph.ModelFormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/**
 * Whatever bytes come in: either a model that runs, or one clear refusal. Seeds are fixed, so that
 * a failure stays a failure.
 */
class HostileFileTest {
  private static final int[] NASTY = {
    0,
    1,
    -1,
    4,
    127,
    128,
    255,
    256,
    65535,
    65536,
    1 << 24,
    1 << 30,
    Integer.MAX_VALUE,
    Integer.MIN_VALUE,
    Integer.MIN_VALUE + 1
  };

  @Property(tries = 2000, seed = "42")
  void mutatedSmallModel_isRunOrRefused(@ForAll Random random) {
    byte[] file = ModelFile.small();
    int mutations = 1 + random.nextInt(4);
    for (int i = 0; i < mutations; i++) {
      mutate(file, random.nextInt(file.length), random);
    }
    assertRunOrRefused(file);
  }

  @Property(tries = 300, seed = "43")
  void mutatedRealModel_isRunOrRefused(
      @ForAll Random random, @ForAll @IntRange(min = 0, max = 1) int which) throws IOException {
    byte[] file = bundled(which == 0 ? "hey-nova-1.0.0" : "hey-nova-1.2.0");
    // The structure of these files is at both ends; the middle is weights.
    for (int i = 0; i < 8; i++) {
      int distance = random.nextInt(random.nextBoolean() ? 4096 : file.length);
      mutate(file, random.nextBoolean() ? distance : file.length - 1 - distance, random);
    }
    assertRunOrRefused(file);
  }

  @Property(tries = 300, seed = "44")
  void truncatedRealModel_isRefusedAsSuch(@ForAll Random random) throws IOException {
    byte[] file = bundled("hey-nova-1.1.0");
    String message = refusal(Arrays.copyOf(file, random.nextInt(file.length - 8)));
    assertTrue(message.contains("truncated") || message.contains("bytes"), message);
  }

  @Property(tries = 500, seed = "45")
  void noise_isRefused(@ForAll byte[] noise) {
    assertTrue(refusal(noise).startsWith("model"), () -> refusal(noise));
  }

  @org.junit.jupiter.api.Test
  void everyPrefixOfASmallModel_isRefused() {
    byte[] file = ModelFile.small();
    for (int length = 0; length < file.length; length++) {
      assertTrue(refusal(Arrays.copyOf(file, length)).contains("bytes"), "length " + length);
    }
  }

  /** Always there, unlike the reference models: properties have no way to be skipped. */
  private static byte[] bundled(String release) throws IOException {
    return Files.readAllBytes(
        Path.of("..", "..", "model-registry", "releases", release, "model.tflite"));
  }

  private static void mutate(byte[] file, int at, Random random) {
    switch (random.nextInt(3)) {
      case 0 -> file[at] = (byte) random.nextInt();
      case 1 -> file[at] ^= (byte) (1 << random.nextInt(8));
      case 2 -> {
        int word = NASTY[random.nextInt(NASTY.length)];
        for (int i = 0; i < 4 && (at & ~3) + i < file.length; i++) {
          file[(at & ~3) + i] = (byte) (word >> (8 * i));
        }
      }
      default -> throw new AssertionError();
    }
  }

  private static void assertRunOrRefused(byte[] file) {
    NdpModel model;
    try {
      model = NdpModel.parse(file);
    } catch (ModelFormatException e) {
      assertTrue(e.getMessage() != null && !e.getMessage().isBlank());
      return;
    }
    byte[] output = model.newInference().run(new byte[model.inputElements()]);
    assertEquals(model.outputElements(), output.length);
  }

  private static String refusal(byte[] file) {
    try {
      NdpModel.parse(file);
    } catch (ModelFormatException e) {
      return String.valueOf(e.getMessage());
    }
    throw new AssertionError("accepted " + file.length + " bytes");
  }
}
