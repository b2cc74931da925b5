package dev.earshot.registry.http;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import land.oras.Annotations;
import land.oras.ArtifactType;
import land.oras.Config;
import land.oras.ContainerRef;
import land.oras.CopyUtils;
import land.oras.Index;
import land.oras.Layer;
import land.oras.LocalPath;
import land.oras.Manifest;
import land.oras.ManifestDescriptor;
import land.oras.Registry;
import land.oras.exception.OrasException;
import land.oras.utils.SupportedAlgorithm;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The official Java client of OCI registries against this one. */
@Timeout(120)
class OrasClientTest {
  private static final ArtifactType MODEL = ArtifactType.from("application/vnd.test.model");
  private static final ArtifactType EVALUATION =
      ArtifactType.from("application/vnd.test.evaluation");

  @TempDir private Path directory;
  private HttpFixture server;
  private Registry registry;

  @BeforeEach
  void start() throws IOException {
    server = new HttpFixture(directory.resolve("registry"));
    registry = client("operator", HttpFixture.TOKEN);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  /** Any user name, the operator's token as the password: what {@code oras login} stores. */
  private Registry client(String user, String password) {
    return Registry.builder().insecure(host(), user, password).build();
  }

  private String host() {
    return server.uri("/").getAuthority();
  }

  private ContainerRef ref(String reference) {
    return ContainerRef.parse(host() + "/" + reference);
  }

  private Manifest push(String reference, String text) throws IOException {
    Path file = Files.writeString(directory.resolve("model.tflite"), text);
    return registry.pushArtifact(
        ref(reference),
        MODEL,
        Annotations.empty(),
        Config.empty(),
        LocalPath.of(file, "text/plain"));
  }

  @Test
  void pushedArtifact_isPulledWithoutALogin(@TempDir Path target) throws IOException {
    Manifest pushed = push("models/hey-nova:1.0.0", "weights");
    Registry stranger = Registry.builder().insecure(host()).build();
    stranger.pullArtifact(ref("models/hey-nova:1.0.0"), target, false);
    assertEquals("weights", Files.readString(target.resolve("model.tflite")));
    Manifest pulled = stranger.getManifest(ref("models/hey-nova:1.0.0"));
    assertEquals(pushed.getDescriptor().getDigest(), pulled.getDescriptor().getDigest());
    assertEquals(MODEL.getMediaType(), pulled.getArtifactTypeAsString());
  }

  @Test
  void wrongPassword_canNotPush() {
    Registry guesser = client("operator", "guessed");
    OrasException refused =
        assertThrows(
            OrasException.class,
            () -> guesser.pushBlob(ref("models/hey-nova"), new byte[] {1, 2, 3}));
    assertEquals(401, refused.getStatusCode());
  }

  @Test
  void blobInChunks_isPutTogether() throws IOException {
    byte[] content = new byte[50_000];
    new Random(5).nextBytes(content);
    String digest = SupportedAlgorithm.SHA256.digest(content);
    ContainerRef blob = ref("models/chunked").withDigest(digest);
    Layer layer =
        registry.pushBlobChunked(blob, new ByteArrayInputStream(content), content.length, 7_000);
    assertEquals(digest, layer.getDigest());
    Path fetched = directory.resolve("fetched");
    registry.fetchBlob(blob, fetched);
    assertArrayEquals(content, Files.readAllBytes(fetched));
    // Each chunk is a request of its own: 50,000 bytes in pieces of 7,000.
    assertEquals(
        8.0,
        server.metrics.getSampleValue(
            "earshot_registry_requests_total",
            new String[] {"route", "status"},
            new String[] {"PATCH /v2/{name}/blobs/uploads/{reference}", "202"}));
  }

  @Test
  void blob_isMountedIntoAnotherRepository() {
    byte[] content = {1, 2, 3};
    String digest =
        Objects.requireNonNull(registry.pushBlob(ref("models/here"), content).getDigest());
    ContainerRef from = ref("models/here").withDigest(digest);
    ContainerRef into = ref("models/there").withDigest(digest);
    assertThrows(OrasException.class, () -> registry.getBlob(into));
    assertTrue(registry.mountBlob(from, into));
    assertArrayEquals(content, registry.getBlob(into));
  }

  @Test
  void artifactAndWhatRefersToIt_areCopied() throws IOException {
    push("models/hey-nova:1.0.0", "weights");
    attach("models/hey-nova:1.0.0");
    CopyUtils.copy(
        registry,
        ref("models/hey-nova:1.0.0"),
        registry,
        ref("mirror/hey-nova:1.0.0"),
        CopyUtils.CopyOptions.deep());
    Manifest copied = registry.getManifest(ref("mirror/hey-nova:1.0.0"));
    assertEquals(
        registry.getManifest(ref("models/hey-nova:1.0.0")).getDescriptor().getDigest(),
        copied.getDescriptor().getDigest());
    assertEquals(1, referrers("mirror/hey-nova:1.0.0", EVALUATION).size());
  }

  @Test
  void tags_areListedAndPaged() throws IOException {
    for (String tag : List.of("c", "a", "b")) {
      push("models/tagged:" + tag, "weights");
    }
    assertEquals(List.of("a", "b", "c"), registry.getTags(ref("models/tagged")).tags());
    assertEquals(List.of("b", "c"), registry.getTags(ref("models/tagged"), 2, "a").tags());
  }

  @Test
  void attachedArtifact_isAReferrerOfItsType() throws IOException {
    push("models/hey-nova:1.0.0", "weights");
    Manifest attached = attach("models/hey-nova:1.0.0");
    assertEquals(
        List.of(attached.getDescriptor().getDigest()),
        referrers("models/hey-nova:1.0.0", EVALUATION));
    assertEquals(List.of(), referrers("models/hey-nova:1.0.0", MODEL));
  }

  @Test
  void index_isPushedAndPulled() throws IOException {
    Manifest model = push("models/hey-nova:1.0.0", "weights");
    registry.pushIndex(
        ref("models/hey-nova:all"), Index.fromManifests(List.of(model.getDescriptor())));
    Index index = registry.getIndex(ref("models/hey-nova:all"));
    assertEquals(
        List.of(model.getDescriptor().getDigest()),
        index.getManifests().stream().map(ManifestDescriptor::getDigest).toList());
  }

  @Test
  void deletedManifestAndBlob_areGone() throws IOException {
    Manifest model = push("models/hey-nova:1.0.0", "weights");
    ContainerRef blob =
        ref("models/hey-nova")
            .withDigest(Objects.requireNonNull(model.getLayers().getFirst().getDigest()));
    registry.deleteManifest(ref("models/hey-nova").withDigest(model.getDescriptor().getDigest()));
    registry.deleteBlob(blob);
    assertThrows(OrasException.class, () -> registry.getManifest(ref("models/hey-nova:1.0.0")));
    assertThrows(OrasException.class, () -> registry.getBlob(blob));
  }

  private Manifest attach(String reference) throws IOException {
    Path file = Files.writeString(directory.resolve("evaluation.json"), "{}");
    return registry.attachArtifact(
        ref(reference), EVALUATION, LocalPath.of(file, "application/json"));
  }

  private List<String> referrers(String reference, ArtifactType type) {
    String digest = registry.getManifest(ref(reference)).getDescriptor().getDigest();
    return registry.getReferrers(ref(reference).withDigest(digest), type).getManifests().stream()
        .map(ManifestDescriptor::getDigest)
        .toList();
  }
}
