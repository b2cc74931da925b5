package dev.earshot.registry.http;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.earshot.protocol.Digest;
import dev.earshot.protocol.problem.ProblemException;
import dev.earshot.protocol.release.ReleaseRef;
import dev.earshot.protocol.release.SignedManifest;
import dev.earshot.registry.TestRelease;
import dev.earshot.registry.TinyModel;
import dev.earshot.registry.client.ArtifactClient;
import dev.earshot.registry.client.RegistryClient;
import dev.earshot.registry.client.ReleaseFolder;
import dev.earshot.registry.modelpack.ReleaseArtifact;
import dev.earshot.registry.release.ReleaseFile;
import dev.earshot.registry.release.ReleaseView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a publisher's tools do, against the registry's real HTTP. */
class ClientHttpTest {
  private static final ReleaseRef REF = ReleaseRef.parse("hey-nova:1.0.0");

  @TempDir private Path directory;
  private HttpFixture registry;
  private RegistryClient client;
  private ReleaseFolder folder;
  private SignedManifest signed;

  @BeforeEach
  void start() throws IOException {
    registry = new HttpFixture(directory.resolve("blobs"));
    client = new RegistryClient(registry.uri(""), HttpFixture.TOKEN);
    folder = ReleaseFolder.read(TestRelease.of("hey-nova:1.0.0", 1).write(directory.resolve("a")));
    signed = folder.sign(TestRelease.KEY, TestRelease.EXPIRES);
    client.push(folder, signed);
  }

  @AfterEach
  void stop() {
    client.close();
    registry.close();
  }

  @Test
  void artifact_isPushedOnceAndPulledAsItWas() {
    ReleaseArtifact artifact = folder.artifact(signed, TestRelease.KEY);
    Digest pushed = client.artifacts().push(REF, artifact);
    assertEquals(artifact.digest(), pushed);
    assertEquals(pushed, client.artifacts().push(REF, artifact));

    ArtifactClient.Pulled pulled = client.artifacts().pull(REF);
    assertEquals(pushed, pulled.digest());
    assertEquals(
        Set.of(
            "model.tflite",
            "detector.json",
            "self-test.pb",
            "card.yaml",
            "evaluation.json",
            "manifest.json",
            "provenance.json"),
        pulled.files().keySet());
    for (ReleaseFile file : ReleaseFile.values()) {
      assertArrayEquals(
          folder.content(file),
          Objects.requireNonNull(pulled.files().get(file.fileName())).toByteArray(),
          file.fileName());
    }
    SignedManifest found = ArtifactClient.signed(REF, pulled);
    found.requireSignedBy(List.of(TestRelease.KEY.publicKey()), 1);
    JsonNode tags = HttpFixture.json(registry.get("/v2/hey-nova/tags/list"));
    assertEquals("[\"1.0.0\"]", tags.path("tags").toString());
  }

  @Test
  void artifactDamagedOnDisk_isNotTaken() throws IOException {
    client.artifacts().push(REF, folder.artifact(signed, TestRelease.KEY));
    String hex = Digest.of(folder.content(ReleaseFile.CARD)).hex();
    try (Stream<Path> files = Files.walk(directory.resolve("blobs").resolve("sha256"))) {
      Path card = files.filter(file -> file.endsWith(hex)).findFirst().orElseThrow();
      byte[] damaged = Files.readAllBytes(card);
      damaged[0] ^= 1;
      Files.write(card, damaged);
    }
    ProblemException refused =
        assertThrows(ProblemException.class, () -> client.artifacts().pull(REF));
    assertTrue(refused.problem().detail().contains("sent other content than"), refused::toString);
  }

  @Test
  void missingArtifact_isNotFound() {
    ProblemException refused =
        assertThrows(ProblemException.class, () -> client.artifacts().pull(REF));
    assertEquals(404, refused.problem().status());
  }

  @Test
  void decisions_areMadeByNameAndAlias() throws IOException {
    ReleaseView approved = client.status(REF, "approved", "heard it", "ada");
    assertEquals("approved", approved.status());
    assertEquals("production", client.setAlias("hey-nova", "production", "1.0.0", "ada").alias());
    assertEquals(REF, client.resolve("hey-nova@production"));
    assertEquals(REF, client.resolve("hey-nova:1.0.0"));
    assertEquals(List.of("production"), client.get(REF).aliases());
    assertEquals(1, client.aliases("hey-nova").size());

    TestRelease next =
        TestRelease.of(
            ReleaseRef.parse("hey-nova:1.1.0"),
            2,
            List.of("ndp120"),
            TinyModel.small(2),
            "hey-nova:1.0.0");
    registry.upload(next.files());
    client.publish(next.signed());
    client.setAlias("hey-nova", "production", "1.1.0", "ada");
    assertEquals(next.ref(), client.resolve("hey-nova@production"));
    assertEquals(
        List.of("hey-nova:1.1.0"),
        client.find("alias = production and fah < 0.5", "-version").stream()
            .map(ReleaseView::release)
            .toList());
    client.removeAlias("hey-nova", "production");
    assertThrows(ProblemException.class, () -> client.resolve("hey-nova@production"));
    ProblemException refused =
        assertThrows(
            ProblemException.class, () -> client.status(REF, "candidate", "back again", "ada"));
    assertEquals("/problems/illegal-transition", refused.problem().type());
  }

  @Test
  void details_areThoseOfTheFolder() {
    assertEquals(folder.details().card(), client.details(signed.manifest()).card());
    assertEquals(folder.details().model(), client.details(signed.manifest()).model());
  }
}
