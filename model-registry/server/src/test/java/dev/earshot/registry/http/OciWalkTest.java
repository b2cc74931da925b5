package dev.earshot.registry.http;

import static dev.earshot.registry.http.OciClient.NOTHING;
import static dev.earshot.registry.http.OciClient.bytes;
import static dev.earshot.registry.http.OciClient.codes;
import static dev.earshot.registry.http.OciClient.header;
import static dev.earshot.registry.http.OciClient.location;
import static dev.earshot.registry.http.OciClient.with;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.earshot.protocol.Digest;
import io.prometheus.client.Collector.MetricFamilySamples;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Walks the end points of the OCI Distribution Specification 1.1 by their numbers, each going on
 * with what the ones before have left, as the specification's own conformance test does.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.MethodName.class)
@Timeout(120)
class OciWalkTest {
  private static final String NAME = "models/hey-nova";
  private static final String UPLOADS = "/v2/" + NAME + "/blobs/uploads/";
  private static final byte[] CONFIG = bytes("{}");
  private static final byte[] LAYER = bytes("twenty bytes of model");
  private static final Digest LAYER_DIGEST = Digest.of(LAYER);

  private HttpFixture registry;
  private OciClient client;
  private OciClient stranger;
  private String manifest = "";
  private String upload = "";

  @BeforeAll
  void start(@TempDir Path directory) throws IOException {
    registry = new HttpFixture(directory);
    client = registry.oci();
    stranger = new OciClient(registry.uri("/"), "");
  }

  /** The document's promise: every answer that clients got here has a status that it names. */
  @AfterAll
  void everyAnswer_wasADocumentedOne() throws IOException {
    JsonNode document =
        new YAMLMapper().readTree(registry.get("/openapi.yaml").body()).path("paths");
    for (MetricFamilySamples family : Collections.list(registry.metrics.metricFamilySamples())) {
      for (MetricFamilySamples.Sample sample : family.samples) {
        if (sample.name.equals("earshot_registry_requests_total")) {
          requireDocumented(document, sample.labelValues.getFirst(), sample.labelValues.getLast());
        }
      }
    }
    stop();
  }

  private static void requireDocumented(JsonNode document, String route, String status) {
    if (route.contains("/v2/")) {
      String[] parts = route.split(" ", 2);
      JsonNode operation = document.path(parts[1]).path(parts[0].toLowerCase(Locale.ROOT));
      assertTrue(operation.path("responses").has(status), route + " answered " + status);
    }
  }

  private void stop() {
    client.close();
    stranger.close();
    registry.close();
  }

  @Test
  void end01_versionCheck_isWhereClientsLogIn() {
    assertEquals(200, client.get("/v2/").statusCode());
    HttpResponse<byte[]> asked = stranger.get("/v2/");
    assertEquals(401, asked.statusCode());
    assertEquals(List.of("UNAUTHORIZED"), codes(asked));
    assertTrue(header(asked, "WWW-Authenticate").startsWith("Basic realm="));
    assertEquals("registry/2.0", header(asked, "Docker-Distribution-API-Version"));
  }

  @Test
  void end02_blobThatIsNotThere_isUnknown() {
    String path = "/v2/" + NAME + "/blobs/" + LAYER_DIGEST;
    assertEquals(404, stranger.send("HEAD", path, NOTHING).statusCode());
    HttpResponse<byte[]> answer = stranger.get(path);
    assertEquals(404, answer.statusCode());
    assertEquals(List.of("BLOB_UNKNOWN"), codes(answer));
  }

  @Test
  void end03_manifestThatIsNotThere_isUnknown() {
    for (String reference : List.of("latest", ".no-tag", LAYER_DIGEST.toString())) {
      String path = "/v2/" + NAME + "/manifests/" + reference;
      assertEquals(404, stranger.send("HEAD", path, NOTHING).statusCode());
      HttpResponse<byte[]> answer = stranger.get(path);
      assertEquals(404, answer.statusCode());
      assertEquals(List.of("MANIFEST_UNKNOWN"), codes(answer));
    }
  }

  @Test
  void end04a_uploadBegins_withAnAddressOfItsOwn() {
    HttpResponse<byte[]> begun = client.send("POST", UPLOADS, NOTHING);
    assertEquals(202, begun.statusCode());
    assertEquals("0-0", header(begun, "Range"));
    assertEquals("65536", header(begun, "OCI-Chunk-Min-Length"));
    upload = location(begun);
    assertTrue(upload.startsWith(UPLOADS), upload);
    assertEquals(401, stranger.send("POST", UPLOADS, NOTHING).statusCode());
  }

  @Test
  void end04b_singlePost_storesTheBlob() {
    HttpResponse<byte[]> stored =
        client.send("POST", UPLOADS + "?digest=" + Digest.of(CONFIG), CONFIG);
    assertEquals(201, stored.statusCode());
    assertArrayEquals(CONFIG, stranger.get(location(stored)).body());
  }

  @Test
  void end05_chunks_areTakenInOrderOnly() {
    HttpResponse<byte[]> first = client.chunk(upload, 0, bytes("twenty "));
    assertEquals(202, first.statusCode());
    assertEquals("0-6", header(first, "Range"));
    HttpResponse<byte[]> early = client.chunk(location(first), 9, bytes("tes"));
    assertEquals(416, early.statusCode());
    assertEquals("0-6", header(early, "Range"));
    assertEquals(upload, location(early));
    assertEquals(416, client.chunk(upload, 0, bytes("twenty ")).statusCode());
  }

  @Test
  void end06_finish_takesTheLastChunkAndTheDigest() {
    HttpResponse<byte[]> status = client.get(upload);
    assertEquals(204, status.statusCode());
    assertEquals("0-6", header(status, "Range"));
    HttpResponse<byte[]> stored =
        client.send(
            "PUT",
            with(upload, "digest=" + LAYER_DIGEST),
            bytes("bytes of model"),
            "Content-Range",
            "7-20");
    assertEquals(201, stored.statusCode());
    assertEquals("/v2/" + NAME + "/blobs/" + LAYER_DIGEST, location(stored));
    assertArrayEquals(LAYER, stranger.get(location(stored)).body());
    assertEquals(404, client.get(upload).statusCode());
  }

  @Test
  void end07_manifest_isKeptByteByByteUnderItsTag() {
    manifest = OciClient.manifest(Digest.of(CONFIG), LAYER_DIGEST, LAYER.length, "");
    HttpResponse<byte[]> stored = client.tag(NAME, "1.0.0", manifest);
    assertEquals(201, stored.statusCode());
    assertEquals(Digest.of(bytes(manifest)).toString(), header(stored, "Docker-Content-Digest"));
    HttpResponse<byte[]> pulled = stranger.get("/v2/" + NAME + "/manifests/1.0.0");
    assertEquals(OciClient.MANIFEST, header(pulled, "Content-Type"));
    assertEquals("public, no-cache", header(pulled, "Cache-Control"));
    assertArrayEquals(bytes(manifest), pulled.body());
    assertEquals(
        "public, max-age=31536000, immutable",
        header(stranger.get(location(stored)), "Cache-Control"));
    assertEquals(
        304, stranger.get(location(stored), "If-None-Match", header(pulled, "ETag")).statusCode());
  }

  @Test
  void end08a_tags_areInLexicalOrder() {
    for (String tag : List.of("b", "C", "a", "B")) {
      assertEquals(201, client.tag(NAME, tag, manifest).statusCode());
    }
    assertEquals(List.of("1.0.0", "a", "B", "b", "C"), tags("/v2/" + NAME + "/tags/list"));
    HttpResponse<byte[]> unknown = stranger.get("/v2/models/other/tags/list");
    assertEquals(404, unknown.statusCode());
    assertEquals(List.of("NAME_UNKNOWN"), codes(unknown));
  }

  @Test
  void end08b_tags_comeInPages() {
    String path = "/v2/" + NAME + "/tags/list?n=2";
    assertEquals(List.of("1.0.0", "a"), tags(path));
    String link = header(stranger.get(path), "Link");
    assertEquals("</v2/" + NAME + "/tags/list?n=2&last=a>; rel=\"next\"", link);
    assertEquals(List.of("B", "b"), tags(link.substring(1, link.indexOf('>'))));
    HttpResponse<byte[]> none = stranger.get("/v2/" + NAME + "/tags/list?n=0");
    assertEquals(0, OciClient.json(none).path("tags").size());
    assertEquals("", header(none, "Link"));
    assertEquals(List.of("C"), tags("/v2/" + NAME + "/tags/list?last=bb"));
  }

  @Test
  void end09_deletedTagAndManifest_areGone() {
    assertEquals(202, delete("manifests/C").statusCode());
    assertEquals(404, stranger.get("/v2/" + NAME + "/manifests/C").statusCode());
    assertEquals(404, delete("manifests/C").statusCode());
    assertEquals(200, stranger.get("/v2/" + NAME + "/manifests/a").statusCode());
    assertEquals(202, delete("manifests/" + Digest.of(bytes(manifest))).statusCode());
    assertEquals(404, stranger.get("/v2/" + NAME + "/manifests/a").statusCode());
    assertEquals(List.of(), tags("/v2/" + NAME + "/tags/list"));
  }

  @Test
  void end10_deletedBlob_isGoneFromThisRepositoryOnly() {
    assertEquals(201, mount("copy/hey-nova", NAME).statusCode());
    assertEquals(202, delete("blobs/" + LAYER_DIGEST).statusCode());
    assertEquals(404, delete("blobs/" + LAYER_DIGEST).statusCode());
    assertEquals(404, stranger.get("/v2/" + NAME + "/blobs/" + LAYER_DIGEST).statusCode());
    assertArrayEquals(LAYER, stranger.get("/v2/copy/hey-nova/blobs/" + LAYER_DIGEST).body());
  }

  @Test
  void end11_mount_needsTheBlobWhereItIsSaidToBe() {
    HttpResponse<byte[]> elsewhere = mount("third/hey-nova", NAME);
    assertEquals(202, elsewhere.statusCode());
    assertEquals("0-0", header(elsewhere, "Range"));
    assertEquals(201, mount("third/hey-nova", "copy/hey-nova").statusCode());
    HttpResponse<byte[]> anywhere =
        client.send("POST", UPLOADS + "?mount=" + LAYER_DIGEST, NOTHING);
    assertEquals(201, anywhere.statusCode());
    assertArrayEquals(LAYER, stranger.get(location(anywhere)).body());
  }

  @Test
  void end12a_referrers_areListedAlsoOfASubjectThatIsNotThereYet() {
    HttpResponse<byte[]> nothing = referrers("");
    assertEquals(200, nothing.statusCode());
    assertEquals(OciClient.INDEX, header(nothing, "Content-Type"));
    assertEquals(0, OciClient.json(nothing).path("manifests").size());

    HttpResponse<byte[]> attached = client.tag(NAME, digestOf(evaluation()), evaluation());
    assertEquals(201, attached.statusCode());
    assertEquals(subject().toString(), header(attached, "OCI-Subject"));
    JsonNode found = OciClient.json(referrers("")).path("manifests");
    assertEquals(1, found.size());
    assertEquals(digestOf(evaluation()), found.path(0).path("digest").asText());
    assertEquals("application/vnd.test.evaluation", found.path(0).path("artifactType").asText());
    assertEquals("kitchen", found.path(0).path("annotations").path("where").asText());
    assertEquals("", header(referrers(""), "OCI-Filters-Applied"));
  }

  @Test
  void end12b_referrers_areFilteredByTheirType() {
    HttpResponse<byte[]> wanted = referrers("?artifactType=application/vnd.test.evaluation");
    assertEquals(1, OciClient.json(wanted).path("manifests").size());
    assertEquals("artifactType", header(wanted, "OCI-Filters-Applied"));
    HttpResponse<byte[]> other = referrers("?artifactType=application/vnd.test.signature");
    assertEquals(0, OciClient.json(other).path("manifests").size());
    assertEquals("artifactType", header(other, "OCI-Filters-Applied"));
    assertEquals(202, delete("manifests/" + digestOf(evaluation())).statusCode());
    assertEquals(0, OciClient.json(referrers("")).path("manifests").size());
  }

  @Test
  void end13_status_tellsHowFarAnUploadIs() {
    upload = client.begin(NAME);
    assertEquals("0-0", header(client.get(upload), "Range"));
    client.send("PATCH", upload, bytes("twenty"));
    HttpResponse<byte[]> status = client.get(upload);
    assertEquals(204, status.statusCode());
    assertEquals("0-5", header(status, "Range"));
    assertEquals(upload, location(status));
    assertEquals(404, client.get(upload.replace(NAME, "copy/hey-nova")).statusCode());
  }

  @Test
  void end14_cancelledUpload_isUnknown() {
    assertEquals(204, client.send("DELETE", upload, NOTHING).statusCode());
    HttpResponse<byte[]> gone = client.get(upload);
    assertEquals(404, gone.statusCode());
    assertEquals(List.of("BLOB_UPLOAD_UNKNOWN"), codes(gone));
    assertEquals(404, client.send("DELETE", upload, NOTHING).statusCode());
  }

  private static Digest subject() {
    return Digest.of(bytes("a manifest that comes later"));
  }

  private static String evaluation() {
    return OciClient.manifest(
        Digest.of(CONFIG),
        LAYER_DIGEST,
        LAYER.length,
        """
        ,"artifactType":"application/vnd.test.evaluation","annotations":{"where":"kitchen"},\
        "subject":{"mediaType":"%s","digest":"%s","size":27}"""
            .formatted(OciClient.MANIFEST, subject()));
  }

  private static String digestOf(String text) {
    return Digest.of(bytes(text)).toString();
  }

  private HttpResponse<byte[]> referrers(String query) {
    return stranger.get("/v2/" + NAME + "/referrers/" + subject() + query);
  }

  private HttpResponse<byte[]> mount(String into, String from) {
    return client.send(
        "POST", "/v2/" + into + "/blobs/uploads/?mount=" + LAYER_DIGEST + "&from=" + from, NOTHING);
  }

  private HttpResponse<byte[]> delete(String path) {
    assertEquals(401, stranger.send("DELETE", "/v2/" + NAME + "/" + path, NOTHING).statusCode());
    return client.send("DELETE", "/v2/" + NAME + "/" + path, NOTHING);
  }

  private List<String> tags(String path) {
    return OciClient.json(stranger.get(path))
        .path("tags")
        .valueStream()
        .map(JsonNode::asText)
        .toList();
  }
}
