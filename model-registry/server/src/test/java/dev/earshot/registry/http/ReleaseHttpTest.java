package dev.earshot.registry.http;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.earshot.protocol.Digest;
import dev.earshot.protocol.release.ReleaseManifest;
import dev.earshot.protocol.release.ReleaseRef;
import dev.earshot.protocol.release.SignedManifest;
import dev.earshot.protocol.trust.SigningKey;
import dev.earshot.protocol.v1.SelfTest;
import dev.earshot.registry.TestRelease;
import dev.earshot.registry.TinyModel;
import dev.earshot.registry.release.ReleaseFile;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReleaseHttpTest {
  private static final ReleaseManifest.Detector DETECTOR =
      new ReleaseManifest.Detector(0, 100, 3, 1000);

  @TempDir private Path directory;
  private HttpFixture registry;

  @BeforeEach
  void start() throws IOException {
    registry = new HttpFixture(directory);
  }

  @AfterEach
  void stop() {
    registry.close();
  }

  @Test
  void goodRelease_isPublishedAndShown() throws IOException {
    TestRelease release = TestRelease.of("hey-nova:1.0.0", 1);
    HttpResponse<byte[]> answer = publish(release);
    assertEquals(201, answer.statusCode(), text(answer));
    assertEquals(
        "/v1/releases/hey-nova/1.0.0", answer.headers().firstValue("Location").orElseThrow());

    HttpResponse<byte[]> shown = registry.get("/v1/releases/hey-nova/1.0.0");
    JsonNode json = HttpFixture.json(shown);
    assertEquals("candidate", json.path("status").asText());
    assertEquals(1, json.path("counter").asInt());
    assertEquals(release.signed().digest().toString(), json.path("manifestDigest").asText());
    JsonNode kitchen = json.path("evaluation").path("environments").path(0);
    assertEquals("kitchen", kitchen.path("environment").asText());
    assertEquals(0.5, kitchen.path("falseAcceptsPerHour").asDouble());
    assertEquals(0.05, kitchen.path("falseRejectRate").asDouble());
    assertEquals(4, kitchen.path("exposureHours").asDouble());
  }

  @Test
  void manifest_isServedByteForByte() throws IOException {
    TestRelease release = TestRelease.of("hey-nova:1.0.0", 1);
    publish(release);
    HttpResponse<byte[]> answer = registry.get("/v1/releases/hey-nova/1.0.0/manifest");
    assertArrayEquals(release.signed().bytes().toArray(), answer.body());
    String tag = answer.headers().firstValue("ETag").orElseThrow();
    assertEquals("\"" + release.signed().digest() + "\"", tag);
    assertEquals(
        304,
        registry.get("/v1/releases/hey-nova/1.0.0/manifest", "If-None-Match", tag).statusCode());
  }

  @Test
  void sameReleaseAgain_changesNothing() throws IOException {
    TestRelease release = TestRelease.of("hey-nova:1.0.0", 1);
    HttpResponse<byte[]> first = publish(release);
    HttpResponse<byte[]> second = publish(release);
    assertEquals(200, second.statusCode());
    assertArrayEquals(first.body(), second.body());
  }

  @Test
  void list_isInPagesNewestFirst() throws IOException {
    for (int counter = 1; counter <= 3; counter++) {
      publish(TestRelease.of("hey-nova:1." + counter + ".0", counter));
    }
    publish(TestRelease.of("alert:1.0.0", 9));
    assertEquals(
        List.of("alert:1.0.0", "hey-nova:1.3.0", "hey-nova:1.2.0", "hey-nova:1.1.0"),
        names(registry.get("/v1/releases")));

    HttpResponse<byte[]> page = registry.get("/v1/releases?name=hey-nova&limit=2");
    assertEquals(List.of("hey-nova:1.3.0", "hey-nova:1.2.0"), names(page));
    String link = page.headers().firstValue("Link").orElseThrow();
    assertEquals("</v1/releases?limit=2&after=hey-nova:1.2.0&name=hey-nova>; rel=\"next\"", link);
    HttpResponse<byte[]> last = registry.get(link.substring(1, link.indexOf('>')));
    assertEquals(List.of("hey-nova:1.1.0"), names(last));
    assertTrue(last.headers().firstValue("Link").isEmpty());

    HttpResponse<byte[]> wrong = registry.get("/v1/releases?limit=0");
    assertEquals(400, wrong.statusCode());
    assertEquals("limit: '0' (expected: 1 to 1000)", detail(wrong));
  }

  @Test
  void unknownRelease_isNotFound() {
    HttpResponse<byte[]> answer = registry.get("/v1/releases/hey-nova/9.9.9");
    assertEquals(404, answer.statusCode());
    assertEquals("release hey-nova:9.9.9 is not published here", detail(answer));
    assertEquals(400, registry.get("/v1/releases/hey-nova/latest").statusCode());
  }

  @Test
  void beforeTheTopicWasRead_nothingIsGuessed() {
    registry.ledger.unready("has not read all releases yet");
    assertEquals(503, registry.get("/v1/releases").statusCode());
    assertEquals(503, registry.get("/v1/releases/hey-nova/1.0.0").statusCode());
    assertEquals(503, registry.get("/health/ready").statusCode());
    assertEquals(200, registry.get("/health/live").statusCode());
  }

  @Test
  void withoutToken_nothingIsPublished() throws IOException {
    TestRelease release = TestRelease.of("hey-nova:1.0.0", 1);
    HttpResponse<byte[]> answer =
        registry.send(
            HttpRequest.newBuilder(registry.uri("/v1/releases"))
                .header("Authorization", "Bearer wrong")
                .POST(BodyPublishers.ofByteArray(release.signed().bytes().toArray())));
    assertEquals(401, answer.statusCode());
    assertEquals("/problems/unauthenticated", HttpFixture.json(answer).path("type").asText());
  }

  @Test
  void unreadableManifest_isRefused() {
    refused(registry.post("/v1/releases", "{".getBytes(StandardCharsets.UTF_8)), 400, "not JSON");
    refused(registry.post("/v1/releases", new byte[0]), 400, "manifest");
    assertEquals(
        413, registry.post("/v1/releases", new byte[SignedManifest.LONGEST + 1]).statusCode());
  }

  @Test
  void foreignSignature_isRefused() throws IOException {
    TestRelease release = TestRelease.of("hey-nova:1.0.0", 1);
    registry.upload(release.files());
    SignedManifest foreign =
        SignedManifest.sign(release.manifest(), List.of(SigningKey.generate()));
    HttpResponse<byte[]> answer = publish(foreign);
    refused(answer, 422, "signatures: 0 valid from trusted publishers (expected: at least 1)");
    assertEquals("/problems/signature-refused", HttpFixture.json(answer).path("type").asText());
  }

  @Test
  void changedManifest_isRefused() throws IOException {
    TestRelease release = TestRelease.of("hey-nova:1.0.0", 1);
    registry.upload(release.files());
    String changed =
        new String(release.signed().bytes().toArray(), StandardCharsets.UTF_8)
            .replace("\"threshold_score\":100", "\"threshold_score\":-100");
    refused(
        registry.post("/v1/releases", changed.getBytes(StandardCharsets.UTF_8)),
        422,
        "signatures: 0 valid");
  }

  @Test
  void missingBlobs_areNamed() throws IOException {
    TestRelease release = TestRelease.of("hey-nova:1.0.0", 1);
    registry.upload(release.files().of(ReleaseFile.MODEL));
    registry.upload(release.files().of(ReleaseFile.CARD));
    HttpResponse<byte[]> answer = publish(release.signed());
    refused(answer, 422, "2 of 4 files are not here");
    JsonNode errors = HttpFixture.json(answer).path("errors");
    assertEquals("targets.self-test.pb", errors.path(0).path("field").asText());
    assertEquals("targets.evaluation.json", errors.path(1).path("field").asText());
  }

  @Test
  void blobDamagedOnDisk_isNotPublished() throws IOException {
    TestRelease release = TestRelease.of("hey-nova:1.0.0", 1);
    registry.upload(release.files());
    byte[] damaged = release.files().of(ReleaseFile.MODEL).clone();
    damaged[damaged.length / 2] ^= 1;
    Files.write(
        registry
            .store
            .find(Digest.of(release.files().of(ReleaseFile.MODEL)))
            .orElseThrow()
            .file()
            .orElseThrow(),
        damaged);
    assertEquals(500, publish(release.signed()).statusCode());
    assertEquals(404, registry.get("/v1/releases/hey-nova/1.0.0").statusCode());
  }

  @Test
  void unreadableModel_isRefused() throws IOException {
    TestRelease good = TestRelease.of("hey-nova:1.0.0", 1);
    byte[] truncated = Arrays.copyOf(good.files().of(ReleaseFile.MODEL), 100);
    refused(
        publish(good.with(ReleaseFile.MODEL, truncated)),
        422,
        "the engine can't read model.tflite");
  }

  @Test
  void modelThatFitsNoChip_isRefusedWithTheLimit() throws IOException {
    TestRelease large =
        TestRelease.of(
            new ReleaseRef("hey-nova", "1.0.0"),
            1,
            List.of("ndp120", "ndp999"),
            TinyModel.tooLarge());
    HttpResponse<byte[]> answer = publishLarge(large);
    refused(
        answer,
        422,
        "0 of 2 chips can run this: ndp120: network (weights and activations) 1177 KiB > 1024 KiB;"
            + " ndp999: unknown chip (expected: one of ndp101, ndp120)");
  }

  private HttpResponse<byte[]> publishLarge(TestRelease release) throws IOException {
    // Above the fixture's upload limit: put there directly.
    for (ReleaseFile file : ReleaseFile.values()) {
      byte[] content = release.files().of(file);
      Path folder = directory.resolve("sha256").resolve(Digest.of(content).hex().substring(0, 2));
      Files.createDirectories(folder);
      Files.write(folder.resolve(Digest.of(content).hex()), content);
    }
    return registry.post("/v1/releases", release.signed().bytes().toArray());
  }

  @Test
  void failingSelfTest_isRefusedWithBothResults() throws IOException {
    TestRelease good = TestRelease.of("hey-nova:1.0.0", 1);
    SelfTest wrong = TestRelease.selfTest(TinyModel.small(99));
    refused(
        publish(good.with(ReleaseFile.SELF_TEST, wrong.toByteArray())),
        422,
        "self-test.pb: vectors[0]: the engine gives [");
    refused(
        publish(good.with(ReleaseFile.SELF_TEST, new byte[] {10})),
        422,
        "self-test.pb: not a SelfTest message");
  }

  @Test
  void evaluationOfAnotherModel_isRefused() throws IOException {
    TestRelease good = TestRelease.of("hey-nova:1.0.0", 1);
    byte[] other = TestRelease.evaluation(good.ref(), TinyModel.small(5));
    HttpResponse<byte[]> answer = publish(good.with(ReleaseFile.EVALUATION, other));
    refused(
        answer,
        422,
        "evaluation.json: 1 of its figures can't be accounted for: evaluation.json.modelDigest ");
    assertEquals(
        "evaluation.json.modelDigest",
        HttpFixture.json(answer).path("errors").path(0).path("field").asText());
    refused(publish(good.with(ReleaseFile.EVALUATION, new byte[] {'['})), 422, "evaluation.json: ");
  }

  @Test
  void cardThatContradicts_isRefused() throws IOException {
    TestRelease good = TestRelease.of("hey-nova:1.0.0", 1);
    byte[] other = TestRelease.of("hey-nova:1.0.0", 2).files().of(ReleaseFile.CARD);
    refused(
        publish(good.with(ReleaseFile.CARD, other)), 422, "card.yaml: counter: 2 (manifest: 1)");
  }

  @Test
  void detectorThatDoesNotBelong_isRefused() throws IOException {
    TestRelease good = TestRelease.of("hey-nova:1.0.0", 1);
    registry.upload(good.files());
    ReleaseManifest.Detector seventh = new ReleaseManifest.Detector(7, 100, 3, 1000);
    refused(
        publish(sign(good.manifest(TestRelease.EXPIRES, seventh, "streaming-wake-word"))),
        422,
        "detector wakeClass: 7 (expected: below the model's 3 outputs)");
    refused(
        publish(sign(good.manifest(TestRelease.EXPIRES, DETECTOR, "mfcc"))),
        422,
        "front_end: 'mfcc' (expected: one of streaming-wake-word, keyword-spotting-mfcc,"
            + " ndp101-log-mel)");
  }

  @Test
  void furtherWordThatTheModelDoesNotKnow_isRefused() throws IOException {
    TestRelease good = TestRelease.of("hey-nova:1.0.0", 1);
    registry.upload(good.files());
    refused(
        publish(sign(good.manifest(TestRelease.EXPIRES, words(3), "streaming-wake-word"))),
        422,
        "detector wakeClass: 3 (expected: below the model's 3 outputs)");
  }

  /** Classes 0 and 2 are words and 1 is not: NDP101 wants the one that is not to be the last. */
  @Test
  void wordsThatNdp101CannotTellFromTheRest_areRefused() throws IOException {
    TestRelease small =
        TestRelease.of(
            new ReleaseRef("hey-nova", "1.0.0"),
            1,
            List.of("ndp101"),
            TinyModel.smallInt4(1),
            "null");
    registry.upload(small.files());
    refused(
        publish(sign(small.manifest(TestRelease.EXPIRES, words(2), "streaming-wake-word"))),
        422,
        "negative classes: [1] (expected: the last output alone, [2])");
  }

  private static ReleaseManifest.Detector words(int secondClass) {
    return new ReleaseManifest.Detector(
        0, 100, 3, 1000, List.of(new ReleaseManifest.Word("stop", secondClass, 110, 8, 500)));
  }

  @Test
  void unknownParent_isRefused() throws IOException {
    TestRelease orphan =
        TestRelease.of(
            new ReleaseRef("hey-nova", "1.1.0"),
            2,
            List.of("ndp120"),
            TinyModel.small(2),
            "hey-nova:1.0.0");
    refused(
        publish(orphan),
        422,
        "card.yaml.lineage.parent: hey-nova:1.0.0 is not published here (fix: publish it first)");
  }

  @Test
  void selfTestThatNeverWakes_isRefused() throws IOException {
    TestRelease good = TestRelease.of("hey-nova:1.0.0", 1);
    byte[] model = good.files().of(ReleaseFile.MODEL);
    SelfTest.Builder asleep = SelfTest.newBuilder();
    TestRelease.selfTest(model).getVectorsList().stream()
        .filter(vector -> vector.getOutput().byteAt(0) <= 100)
        .forEach(asleep::addVectors);
    refused(
        publish(good.with(ReleaseFile.SELF_TEST, asleep.build().toByteArray())),
        422,
        "self-test.pb: 0 of 1 vectors score above the threshold, 100");
  }

  @Test
  void expiredRelease_isRefused() throws IOException {
    TestRelease good = TestRelease.of("hey-nova:1.0.0", 1);
    registry.upload(good.files());
    Instant past = TestRelease.NOW.minusSeconds(1);
    refused(
        publish(sign(good.manifest(past, DETECTOR, "streaming-wake-word"))),
        422,
        "expires: " + past + " has passed");
  }

  @Test
  void takenVersionAndOldCounter_areRefused() throws IOException {
    publish(TestRelease.of("hey-nova:1.1.0", 5));
    refused(
        publish(TestRelease.of("hey-nova:1.1.0", 6)),
        409,
        "hey-nova:1.1.0 is published already with other content");
    refused(
        publish(TestRelease.of("hey-nova:1.2.0", 5)),
        409,
        "release counter: 5 (expected: above 5, the highest of hey-nova; devices never go back)");
    assertEquals(
        1.0,
        registry.metrics.getSampleValue(
            "earshot_registry_release_refusals_total",
            new String[] {"reason"},
            new String[] {"counter-not-growing"}));
    assertEquals(1.0, registry.metrics.getSampleValue("earshot_registry_releases"));
  }

  private HttpResponse<byte[]> publish(TestRelease release) {
    registry.upload(release.files());
    return publish(release.signed());
  }

  private HttpResponse<byte[]> publish(SignedManifest signed) {
    return registry.post("/v1/releases", signed.bytes().toArray());
  }

  private static SignedManifest sign(ReleaseManifest manifest) {
    return SignedManifest.sign(manifest, List.of(TestRelease.KEY));
  }

  private static void refused(HttpResponse<byte[]> answer, int status, String detail) {
    assertEquals(status, answer.statusCode(), text(answer));
    assertEquals(
        "application/problem+json", answer.headers().firstValue("Content-Type").orElseThrow());
    assertTrue(detail(answer).contains(detail), text(answer));
    assertTrue(!HttpFixture.json(answer).path("errors").isEmpty(), text(answer));
  }

  private static String detail(HttpResponse<byte[]> answer) {
    return HttpFixture.json(answer).path("detail").asText();
  }

  private static String text(HttpResponse<byte[]> answer) {
    return new String(answer.body(), StandardCharsets.UTF_8);
  }

  private static List<String> names(HttpResponse<byte[]> listing) {
    return HttpFixture.json(listing).path("releases").findValuesAsText("release");
  }
}
