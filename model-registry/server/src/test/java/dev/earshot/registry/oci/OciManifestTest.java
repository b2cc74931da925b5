package dev.earshot.registry.oci;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.earshot.protocol.Digest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OciManifestTest {
  private static final String MANIFEST = "application/vnd.oci.image.manifest.v1+json";
  private static final String INDEX = "application/vnd.oci.image.index.v1+json";
  private static final Digest CONFIG = Digest.of(new byte[] {1});
  private static final Digest LAYER = Digest.of(new byte[] {2});

  private static String descriptor(Digest digest, String more) {
    return "{\"mediaType\":\"text/plain\",\"digest\":\"" + digest + "\",\"size\":1" + more + "}";
  }

  private static String manifest(String more) {
    return "{\"schemaVersion\":2,\"config\":%s,\"layers\":[%s]%s}"
        .formatted(descriptor(CONFIG, ""), descriptor(LAYER, ""), more);
  }

  private static OciManifest parse(String type, String json) {
    return OciManifest.parse(type, json.getBytes(StandardCharsets.UTF_8));
  }

  private static String refusal(String type, String json) {
    return String.valueOf(assertThrows(OciException.class, () -> parse(type, json)).getMessage());
  }

  @Test
  void manifest_tellsWhatItNeedsAndWhatItIs() {
    OciManifest manifest =
        parse(
            MANIFEST + "; charset=utf-8",
            manifest(",\"annotations\":{\"a\":\"b\"},\"subject\":" + descriptor(LAYER, "")));
    assertEquals(MANIFEST, manifest.mediaType());
    assertEquals(
        List.of(
            new OciManifest.Part("config", CONFIG, 1, false),
            new OciManifest.Part("layers[0]", LAYER, 1, false)),
        manifest.content());
    assertEquals(Optional.of(LAYER), manifest.subject());
    assertEquals("text/plain", manifest.artifactType());
    assertEquals(Map.of("a", "b"), manifest.descriptor().annotations());
  }

  @Test
  void ownArtifactType_comesBeforeTheConfigs() {
    assertEquals(
        "a/model", parse(MANIFEST, manifest(",\"artifactType\":\"a/model\"")).artifactType());
  }

  @Test
  void index_needsItsManifests() {
    OciManifest index =
        parse(
            "",
            "{\"schemaVersion\":2,\"mediaType\":\"%s\",\"manifests\":[%s]}"
                .formatted(INDEX, descriptor(LAYER, "")));
    assertEquals(List.of(new OciManifest.Part("manifests[0]", LAYER, 1, true)), index.content());
    assertEquals(null, index.artifactType());
  }

  @Test
  void layerThatMayNotBeDistributed_isFetchedElsewhere() {
    String foreign =
        "{\"mediaType\":\"application/vnd.oci.image.layer.nondistributable.v1.tar\",\"digest\":\""
            + LAYER
            + "\",\"size\":1,\"urls\":[\"https://example.org/layer\"]}";
    OciManifest manifest =
        parse(
            MANIFEST,
            "{\"schemaVersion\":2,\"config\":%s,\"layers\":[%s]}"
                .formatted(descriptor(CONFIG, ""), foreign));
    assertEquals(
        List.of("config"), manifest.content().stream().map(OciManifest.Part::field).toList());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{} {}",
        "{\"schemaVersion\":1}",
        "{\"schemaVersion\":2}",
        "{\"schemaVersion\":2,\"schemaVersion\":2,\"config\":{},\"layers\":[]}",
        "{\"schemaVersion\":2,\"config\":{},\"layers\":[]}",
        "{\"schemaVersion\":2,\"config\":null,\"layers\":null}",
      })
  void malformedManifest_isRefused(String json) {
    assertThrows(OciException.class, () -> parse(MANIFEST, json));
  }

  @Test
  void documentThatCanBeReadInTwoWays_isRefused() {
    assertEquals(
        "manifests: given (expected: not in a manifest)",
        refusal(MANIFEST, manifest(",\"manifests\":[]")));
    assertEquals(
        "mediaType: '"
            + INDEX
            + "' (expected: '"
            + MANIFEST
            + "', the Content-Type it was sent with)",
        refusal(MANIFEST, manifest(",\"mediaType\":\"" + INDEX + "\"")));
  }

  @Test
  void otherDigestAlgorithm_isRefusedByName() {
    String sha512 = manifest("").replace(LAYER.toString(), "sha512:" + "ab".repeat(64));
    assertTrue(
        refusal(MANIFEST, sha512).startsWith("layers[0].digest: 'sha512:"),
        refusal(MANIFEST, sha512));
  }

  @ParameterizedTest
  @CsvSource({"-1", "1.5", "\"1\"", "99999999999999999999"})
  void sizeThatIsNone_isRefused(String size) {
    assertTrue(
        refusal(MANIFEST, manifest("").replace("\"size\":1", "\"size\":" + size))
            .startsWith("config.size: "));
  }

  @ParameterizedTest
  @CsvSource({
    "hey-nova, true",
    "a/b/c, true",
    "a.b_c__d--e, true",
    "_tags, false",
    "a/_tags, false",
    "a//b, false",
    "/a, false",
    "a/, false",
    "a..b, false",
    "A, false",
    "a___b, false",
  })
  void repositoryName_isOfTheSpecificationsForm(String name, boolean valid) {
    if (valid) {
      assertEquals(name, new RepositoryName(name).toString());
    } else {
      assertThrows(OciException.class, () -> new RepositoryName(name));
    }
  }

  @Test
  void longestName_has255Characters() {
    assertEquals(255, new RepositoryName("a".repeat(255)).value().length());
    assertThrows(OciException.class, () -> new RepositoryName("a".repeat(256)));
  }
}
