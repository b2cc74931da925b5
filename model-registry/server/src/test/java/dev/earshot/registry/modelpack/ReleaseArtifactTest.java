package dev.earshot.registry.modelpack;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.ByteString;
import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.earshot.ndp.NdpModel;
import dev.earshot.protocol.Digest;
import dev.earshot.protocol.release.ReleaseManifest;
import dev.earshot.protocol.release.ReleaseRef;
import dev.earshot.registry.TestRelease;
import dev.earshot.registry.TinyModel;
import dev.earshot.registry.release.EvaluationReader;
import dev.earshot.registry.release.ReleaseCard;
import dev.earshot.registry.release.ReleaseDetails;
import dev.earshot.registry.release.ReleaseFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReleaseArtifactTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** What ModelPack's specification allows in a config: these fields of these types only. */
  private static final String CONFIG_SCHEMA =
      """
      {"type": "object", "additionalProperties": false,
       "required": ["descriptor", "config", "modelfs"],
       "properties": {
        "descriptor": {"type": "object", "additionalProperties": false, "properties": {
          "family": {"type": "string"}, "name": {"type": "string", "minLength": 1},
          "version": {"type": "string"}, "description": {"type": "string"}}},
        "config": {"type": "object", "additionalProperties": false, "properties": {
          "architecture": {"type": "string"}, "format": {"type": "string"},
          "paramSize": {"type": "string", "pattern": "^[0-9]+(\\\\.[0-9])?[QTBMKqtbmk]$"},
          "precision": {"type": "string"}, "quantization": {"type": "string"},
          "capabilities": {"type": "object", "additionalProperties": false, "properties": {
            "inputTypes": {"type": "array", "items": {"$ref": "#/$defs/modality"}},
            "outputTypes": {"type": "array", "items": {"$ref": "#/$defs/modality"}}}}}},
        "modelfs": {"type": "object", "additionalProperties": false,
          "required": ["type", "diffIds"], "properties": {
          "type": {"const": "layers"},
          "diffIds": {"type": "array", "minItems": 1,
            "items": {"type": "string", "pattern": "^sha256:[0-9a-f]{64}$"}}}}},
       "$defs": {"modality": {"enum": ["text", "image", "audio", "video", "embedding", "other"]}}}
      """;

  @Test
  void manifest_isModelPacks() throws IOException {
    ReleaseArtifact artifact = artifact(release());
    JsonNode manifest = JSON.readTree(artifact.manifest().toByteArray());
    assertEquals(2, manifest.path("schemaVersion").asInt());
    assertEquals("application/vnd.oci.image.manifest.v1+json", manifest.path("mediaType").asText());
    assertEquals(
        "application/vnd.cncf.model.manifest.v1+json", manifest.path("artifactType").asText());
    assertEquals(
        "application/vnd.cncf.model.config.v1+json", manifest.at("/config/mediaType").asText());
    assertEquals(
        List.of(
            "application/vnd.cncf.model.weight.v1.raw",
            "application/vnd.cncf.model.weight.config.v1.raw",
            "application/vnd.cncf.model.dataset.v1.raw",
            "application/vnd.cncf.model.doc.v1.raw"),
        manifest.path("layers").findValuesAsText("mediaType"));
    assertEquals(
        List.of("model.tflite", "detector.json", "self-test.pb", "card.yaml"),
        manifest.path("layers").findValuesAsText("org.cncf.model.filepath"));
    JsonNode weights = manifest.at("/layers/0");
    assertEquals(release().manifest().model().digest().toString(), weights.path("digest").asText());
    assertEquals(release().manifest().model().length(), weights.path("size").asInt());
    assertEquals(
        release().signed().digest().toString(),
        manifest.at("/annotations/dev.earshot.release.manifest").asText());
  }

  @Test
  void config_isWhatTheSpecificationAllows() throws IOException {
    ReleaseArtifact artifact = artifact(release());
    String text = artifact.config().content().toStringUtf8();
    assertEquals(
        List.of(),
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(CONFIG_SCHEMA, InputFormat.JSON)
            .validate(text, InputFormat.JSON));
    JsonNode config = JSON.readTree(text);
    assertEquals("tflite", config.at("/config/format").asText());
    assertEquals("mlp", config.at("/config/architecture").asText());
    assertEquals("int8", config.at("/config/precision").asText());
    assertEquals("int8 per tensor", config.at("/config/quantization").asText());
    assertEquals("3.6K", config.at("/config/paramSize").asText());
    for (int i = 0; i < artifact.layers().size(); i++) {
      assertEquals(
          artifact.layers().get(i).digest().toString(),
          config.at("/modelfs/diffIds/" + i).asText());
    }
  }

  @Test
  void detector_isReadableWithoutOurManifest() throws IOException {
    assertEquals(
        "{\"frontEnd\":\"streaming-wake-word\",\"wakeClass\":0,\"thresholdScore\":100,"
            + "\"smoothingFrames\":3,\"refractoryMillis\":1000}",
        new String(ReleaseArtifact.detector(release().manifest()), StandardCharsets.UTF_8));
  }

  @Test
  void furtherWords_areReadableToo() throws IOException {
    ReleaseManifest.Detector several =
        new ReleaseManifest.Detector(
            0, 100, 3, 1000, List.of(new ReleaseManifest.Word("stop", 1, 110, 8, 500)));
    ReleaseManifest manifest =
        TestRelease.of("hey-nova:1.0.0", 1)
            .manifest(TestRelease.EXPIRES, several, "streaming-wake-word");
    assertTrue(
        new String(ReleaseArtifact.detector(manifest), StandardCharsets.UTF_8)
            .endsWith(
                ",\"refractoryMillis\":1000,\"words\":[{\"label\":\"stop\",\"wakeClass\":1,"
                    + "\"thresholdScore\":110,\"smoothingFrames\":8,\"refractoryMillis\":500}]}"));
  }

  @Test
  void sameRelease_isTheSameArtifact() throws IOException {
    assertEquals(artifact(release()), artifact(release()));
    assertNotEquals(
        artifact(release()).digest(), artifact(TestRelease.of("hey-nova:1.0.1", 2)).digest());
  }

  @Test
  void referrers_haveTheArtifactAsTheirSubject() throws IOException {
    ReleaseArtifact artifact = artifact(release());
    assertEquals(
        List.of(MediaTypes.EVALUATION, MediaTypes.SIGNED_MANIFEST, MediaTypes.IN_TOTO),
        artifact.referrers().stream().map(ReleaseArtifact.Referrer::artifactType).toList());
    for (ReleaseArtifact.Referrer referrer : artifact.referrers()) {
      JsonNode manifest = JSON.readTree(referrer.manifest().toByteArray());
      assertEquals(artifact.digest().toString(), manifest.at("/subject/digest").asText());
      assertEquals(artifact.manifest().size(), manifest.at("/subject/size").asInt());
      assertEquals("application/vnd.oci.empty.v1+json", manifest.at("/config/mediaType").asText());
      assertEquals(
          // The digest of {}, as the Image Specification gives it.
          "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a",
          manifest.at("/config/digest").asText());
      assertEquals(referrer.artifactType(), manifest.path("artifactType").asText());
      assertEquals(
          referrer.content().digest().toString(), manifest.at("/layers/0/digest").asText());
    }
    assertArrayEquals(
        release().signed().bytes().toArray(),
        artifact.referrers().get(1).content().content().toByteArray());
  }

  @Test
  void provenance_isASignedSlsaStatementAboutTheFiles() throws IOException {
    ReleaseRef ref = ReleaseRef.parse("hey-nova:1.1.0");
    TestRelease child =
        TestRelease.of(ref, 2, List.of("ndp120"), TinyModel.small(2), "hey-nova:1.0.0");
    ByteString content = artifact(child).referrers().getLast().content().content();
    JsonNode envelope = JSON.readTree(content.toByteArray());
    byte[] payload = Base64.getDecoder().decode(envelope.path("payload").asText());
    assertEquals("application/vnd.in-toto+json", envelope.path("payloadType").asText());
    assertEquals(TestRelease.KEY.publicKey().keyId(), envelope.at("/signatures/0/keyid").asText());
    byte[] signature = Base64.getDecoder().decode(envelope.at("/signatures/0/sig").asText());
    assertTrue(
        TestRelease.KEY
            .publicKey()
            .verifies(
                Provenance.preAuthentication("application/vnd.in-toto+json", payload), signature));

    JsonNode statement = JSON.readTree(payload);
    assertEquals("https://in-toto.io/Statement/v1", statement.path("_type").asText());
    assertEquals("https://slsa.dev/provenance/v1", statement.path("predicateType").asText());
    assertEquals(
        child.manifest().model().digest().hex(), statement.at("/subject/0/digest/sha256").asText());
    JsonNode build = statement.at("/predicate/buildDefinition");
    assertEquals(1, build.at("/externalParameters/seed").asInt());
    assertEquals("0".repeat(64), build.at("/resolvedDependencies/0/digest/sha256").asText());
    assertEquals("oci:hey-nova:1.0.0", build.at("/resolvedDependencies/2/uri").asText());
    assertTrue(statement.at("/predicate/runDetails/builder/id").isTextual());
  }

  /** The example of the DSSE specification. */
  @Test
  void preAuthentication_isDsses() {
    assertEquals(
        "DSSEv1 29 http://example.com/HelloWorld 11 hello world",
        new String(
            Provenance.preAuthentication(
                "http://example.com/HelloWorld", "hello world".getBytes(StandardCharsets.UTF_8)),
            StandardCharsets.UTF_8));
  }

  @Test
  void paramSize_hasOneDigitAndAScale() {
    assertEquals("0.1K", ReleaseArtifact.paramSize(12));
    assertEquals("0.9K", ReleaseArtifact.paramSize(900));
    assertEquals("10.9K", ReleaseArtifact.paramSize(10_899));
    assertEquals("1.0M", ReleaseArtifact.paramSize(999_960));
    assertEquals("6.7M", ReleaseArtifact.paramSize(6_700_000));
  }

  private static TestRelease release() throws IOException {
    return TestRelease.of("hey-nova:1.0.0", 1);
  }

  private static ReleaseArtifact artifact(TestRelease release) throws IOException {
    byte[] model = release.files().of(ReleaseFile.MODEL);
    assertEquals(release.manifest().model().digest(), Digest.of(model));
    return ReleaseArtifact.of(
        release.signed(),
        release.files(),
        new ReleaseDetails(
            ReleaseCard.parse(release.files().of(ReleaseFile.CARD)),
            EvaluationReader.parse(release.files().of(ReleaseFile.EVALUATION)),
            NdpModel.parse(model).summary()),
        TestRelease.KEY);
  }
}
