package dev.earshot.protocol.release;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.earshot.protocol.Digest;
import dev.earshot.protocol.release.ReleaseManifest.Detector;
import dev.earshot.protocol.release.ReleaseManifest.Word;
import dev.earshot.protocol.trust.CanonicalJson;
import dev.earshot.protocol.trust.SigningKey;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class SignedManifestTest {
  private static final SigningKey KEY = SigningKey.generate();
  private static final SigningKey OTHER = SigningKey.generate();
  private static final Word STOP = new Word("stop", 7, 110, 8, 500);
  private static final Word GO = new Word("go", 1, 90, 12, 400);

  @Test
  void envelope_isReadBackAndVerified() {
    SignedManifest signed = SignedManifest.sign(manifest(), List.of(KEY));
    SignedManifest read = SignedManifest.parse(signed.bytes().toArray());

    assertEquals(manifest(), read.manifest());
    assertEquals(signed.digest(), read.digest());
    assertDoesNotThrow(() -> read.requireSignedBy(List.of(OTHER.publicKey(), KEY.publicKey()), 1));
  }

  @Test
  void anyChangeOfTheSignedPart_breaksTheSignature() {
    String text =
        new String(
            SignedManifest.sign(manifest(), List.of(KEY)).bytes().toArray(),
            StandardCharsets.UTF_8);
    for (String[] change :
        new String[][] {
          {"\"version\":2", "\"version\":3"},
          {"ndp120", "ndp101"},
          {"\"threshold_score\":100", "\"threshold_score\":10"},
          {"\"length\":7", "\"length\":8"},
          {"2030-01-01", "2031-01-01"}
        }) {
      assertTrue(text.contains(change[0]), change[0]);
      SignedManifest forged =
          SignedManifest.parse(text.replace(change[0], change[1]).getBytes(StandardCharsets.UTF_8));
      assertThrows(
          IllegalArgumentException.class,
          () -> forged.requireSignedBy(List.of(KEY.publicKey()), 1),
          change[0]);
    }
  }

  /** What was signed before there were further words: these bytes, for ever. */
  @Test
  void detectorOfOneWord_hasTheBytesThatItAlwaysHad() {
    String text = text(SignedManifest.sign(manifest(), List.of()));
    assertTrue(
        text.contains(
            "\"custom\":{\"chips\":[\"ndp120\"],\"description\":\"better in the car\","
                + "\"detector\":{\"refractory_ms\":1000,\"smoothing_frames\":3,"
                + "\"threshold_score\":100,\"wake_class\":0},"
                + "\"front_end\":\"streaming-wake-word\",\"release\":\"hey-nova:1.1.0\"}"),
        text);
  }

  @Test
  void furtherWords_areSignedAndReadBack() {
    ReleaseManifest several = manifest(new Detector(0, 100, 3, 1000, List.of(STOP, GO)));
    SignedManifest signed = SignedManifest.sign(several, List.of(KEY));
    SignedManifest read = SignedManifest.parse(signed.bytes().toArray());
    assertEquals(several, read.manifest());
    assertDoesNotThrow(() -> read.requireSignedBy(List.of(KEY.publicKey()), 1));

    SignedManifest forged =
        SignedManifest.parse(
            text(signed)
                .replace("\"threshold_score\":110", "\"threshold_score\":11")
                .getBytes(StandardCharsets.UTF_8));
    assertThrows(
        IllegalArgumentException.class, () -> forged.requireSignedBy(List.of(KEY.publicKey()), 1));
  }

  @Test
  void wrongWords_areNamed() {
    assertRefused(
        "detector.words.stop.thresholdScore: 128 (expected: -128 to 127)",
        () -> new Word("stop", 7, 128, 8, 500));
    assertRefused(
        "detector.words.label: 'st op' (expected: 1 to 32 letters, digits, dashes or underscores,"
            + " and not wake)",
        () -> new Word("st op", 7, 110, 8, 500));
    assertRefused(
        "detector.words.stop.wakeClass: 7 (expected: a class that is no other word's)",
        () -> new Detector(7, 100, 3, 1000, List.of(STOP)));
    assertRefused(
        "detector.words.label: go (expected: no label twice)",
        () -> new Detector(0, 100, 3, 1000, List.of(GO, new Word("go", 9, 1, 1, 1))));
    assertRefused(
        "manifest: field words is not a list of words (expected: no field, where there are none)",
        () ->
            SignedManifest.parse(
                text(SignedManifest.sign(manifest(), List.of(KEY)))
                    .replace("\"wake_class\":0", "\"wake_class\":0,\"words\":[]")
                    .getBytes(StandardCharsets.UTF_8)));
  }

  /** As registries and their clients exchange it. */
  @Test
  void detectorInJson_mayHaveWords() throws Exception {
    ObjectMapper json = new ObjectMapper();
    Detector one = new Detector(0, 100, 3, 1000);
    String text =
        "{\"wakeClass\":0,\"thresholdScore\":100,\"smoothingFrames\":3,\"refractoryMillis\":1000}";
    assertEquals(text, json.writeValueAsString(one));
    assertEquals(one, json.readValue(text, Detector.class));
    Detector several = new Detector(0, 100, 3, 1000, List.of(STOP));
    assertEquals(several, json.readValue(json.writeValueAsString(several), Detector.class));
    assertThrows(
        JsonProcessingException.class, () -> json.readValue("{\"wakeClass\":0}", Detector.class));
  }

  @Test
  void threshold_countsDifferentTrustedKeysOnly() {
    SignedManifest once = SignedManifest.sign(manifest(), List.of(KEY, KEY));
    IllegalArgumentException refused =
        assertThrows(
            IllegalArgumentException.class,
            () -> once.requireSignedBy(List.of(KEY.publicKey(), OTHER.publicKey()), 2));
    assertEquals(
        "signatures: 1 valid from trusted publishers (expected: at least 2)", refused.getMessage());

    SignedManifest twice = SignedManifest.sign(manifest(), List.of(KEY, OTHER));
    assertDoesNotThrow(() -> twice.requireSignedBy(List.of(KEY.publicKey(), OTHER.publicKey()), 2));
    assertThrows(IllegalArgumentException.class, () -> twice.requireSignedBy(List.of(), 1));
  }

  @Test
  void malformedEnvelope_namesTheField() {
    assertMessage("manifest: field signatures is missing", "{\"signed\":{}}");
    assertMessage("manifest: field _type is missing", "{\"signed\":{},\"signatures\":[]}");
    IllegalArgumentException notJson =
        assertThrows(
            IllegalArgumentException.class,
            () -> SignedManifest.parse("not json".getBytes(StandardCharsets.UTF_8)));
    assertTrue(String.valueOf(notJson.getMessage()).startsWith("manifest: not JSON"));
    assertThrows(
        IllegalArgumentException.class,
        () -> SignedManifest.parse(new byte[SignedManifest.LONGEST + 1]));
  }

  @Test
  void keyFile_isReadBack_andAPairThatDoesNotBelongTogetherIsRefused() {
    SigningKey read = SigningKey.fromPem(KEY.toPem());
    assertEquals(KEY.publicKey(), read.publicKey());
    String mixed = KEY.toPem().replace(KEY.publicKey().hex(), OTHER.publicKey().hex());
    assertThrows(IllegalArgumentException.class, () -> SigningKey.fromPem(mixed));
  }

  /** RFC 8032, section 7.1, test 2: a key and a signature that were not made by this code. */
  @Test
  void publicKey_verifiesThePublishedVector() {
    SigningKey.Public key =
        new SigningKey.Public("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");
    byte[] signature =
        HexFormat.of()
            .parseHex(
                "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
                    + "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00");
    assertTrue(key.verifies(new byte[] {0x72}, signature));
    assertFalse(key.verifies(new byte[] {0x73}, signature));
  }

  @Test
  void canonicalBytes_areIndependentOfKeyOrderAndSpace() throws Exception {
    ObjectMapper json = new ObjectMapper();
    assertArrayEquals(
        "{\"a\":[1,true,null],\"b\":\"x\\\"y\"}".getBytes(StandardCharsets.UTF_8),
        CanonicalJson.bytes(json.readTree("{ \"b\" : \"x\\\"y\", \"a\" : [1, true, null] }")));
    assertThrows(
        IllegalArgumentException.class, () -> CanonicalJson.bytes(json.readTree("{\"a\":1.5}")));
  }

  private static void assertMessage(String expected, String envelope) {
    assertEquals(
        expected,
        assertThrows(
                IllegalArgumentException.class,
                () -> SignedManifest.parse(envelope.getBytes(StandardCharsets.UTF_8)))
            .getMessage());
  }

  private static void assertRefused(String expected, Executable wrong) {
    assertEquals(expected, assertThrows(IllegalArgumentException.class, wrong).getMessage());
  }

  private static String text(SignedManifest signed) {
    return new String(signed.bytes().toArray(), StandardCharsets.UTF_8);
  }

  private static ReleaseManifest manifest() {
    return manifest(new Detector(0, 100, 3, 1000));
  }

  private static ReleaseManifest manifest(Detector detector) {
    ReleaseManifest.Target target =
        new ReleaseManifest.Target(Digest.of("content".getBytes(StandardCharsets.UTF_8)), 7);
    return new ReleaseManifest(
        ReleaseRef.parse("hey-nova:1.1.0"),
        2,
        Instant.parse("2030-01-01T00:00:00Z"),
        List.of("ndp120"),
        "better in the car",
        target,
        target,
        target,
        target,
        detector,
        "streaming-wake-word");
  }
}
