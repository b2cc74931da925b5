package dev.earshot.registry;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.earshot.broker.EmbeddedBroker;
import dev.earshot.protocol.KafkaTopic;
import dev.earshot.protocol.problem.ProblemException;
import dev.earshot.protocol.release.ReleaseRef;
import dev.earshot.protocol.v1.ModelRelease;
import dev.earshot.registry.client.RegistryClient;
import dev.earshot.registry.client.ReleaseFolder;
import dev.earshot.registry.release.ReleaseFile;
import dev.earshot.registry.release.ReleaseView;
import dev.earshot.service.KafkaSettings;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Registries on a real broker. Each test has release names of its own. */
@Timeout(60)
class RegistryIT {
  private static final String TOKEN = "operator";

  @TempDir private static Path directory;
  private static EmbeddedBroker broker;
  private static RegistryConfig.Trust trust;

  @BeforeAll
  static void startBroker() throws IOException {
    broker = EmbeddedBroker.start(directory.resolve("kafka"), 0);
    trust = TestTrust.write(directory.resolve("trust"));
    try (Registry registry = start();
        RegistryClient client = client(registry)) {
      assertTrue(
          client.putMetadata(
              "image", "1.targets.json", TestTrust.KEYS.firstTargets().bytes(), false));
    }
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
  }

  @Test
  void pushedFolder_isFetchedAgainBitByBit(@TempDir Path folder) throws IOException {
    TestRelease release = TestRelease.of("pushed:1.0.0", 1);
    try (Registry registry = start();
        RegistryClient client = client(registry)) {
      ReleaseFolder read = ReleaseFolder.read(release.write(folder));
      ReleaseView published = client.push(read, read.sign(TestRelease.KEY, TestRelease.EXPIRES));
      assertEquals("pushed:1.0.0", published.release());
      assertEquals("candidate", published.status());

      assertArrayEquals(
          release.files().of(ReleaseFile.MODEL),
          client.blob("pushed", client.manifest(release.ref()).manifest().model().digest()));
      client.manifest(release.ref()).requireSignedBy(List.of(TestRelease.KEY.publicKey()), 1);
      assertTrue(client.list().stream().anyMatch(view -> view.ref().equals(release.ref())));

      ModelRelease recorded = records("pushed:1.0.0").getLast();
      assertEquals(1, recorded.getCounter());
      assertEquals(release.manifest().model().length(), recorded.getModelLength());
    }
  }

  @Test
  void restartedRegistry_readsEverythingFromTheTopic() throws IOException {
    TestRelease release = TestRelease.of("restarted:1.0.0", 1);
    ReleaseView before;
    try (Registry registry = start();
        RegistryClient client = client(registry)) {
      publish(client, release);
      before = client.get(release.ref());
    }
    try (Registry registry = start();
        RegistryClient client = client(registry)) {
      assertEquals(before, client.get(release.ref()));
      publish(client, release);
      assertEquals(1, records("restarted:1.0.0").size());
    }
  }

  @Test
  void refusal_reachesThePublisherInWords() throws IOException {
    TestRelease release = TestRelease.of("refused:1.0.0", 77);
    try (Registry registry = start();
        RegistryClient client = client(registry);
        RegistryClient stranger = new RegistryClient(uri(registry), "guessed")) {
      ProblemException missing =
          assertThrows(ProblemException.class, () -> client.publish(release.signed()));
      assertEquals(422, missing.problem().status());
      assertEquals(4, missing.problem().errors().size());
      ProblemException unauthenticated =
          assertThrows(ProblemException.class, () -> stranger.pushBlob("refused", new byte[] {1}));
      assertEquals("UNAUTHORIZED: the token is not valid", unauthenticated.problem().detail());
    }
    ProblemException unreachable =
        assertThrows(
            ProblemException.class,
            () -> {
              try (RegistryClient nobody =
                  new RegistryClient(URI.create("http://127.0.0.1:9"), "")) {
                nobody.list();
              }
            });
    assertTrue(
        unreachable.problem().detail().startsWith("registry http://127.0.0.1:9 can't be reached: "),
        unreachable.problem().detail());
  }

  @Test
  void twoRegistries_showTheSame() throws Exception {
    TestRelease first = TestRelease.of("shared:1.0.0", 1);
    TestRelease second = TestRelease.of("shared:1.1.0", 2);
    try (Registry left = start();
        Registry right = start();
        RegistryClient viaLeft = client(left);
        RegistryClient viaRight = client(right)) {
      publish(viaLeft, first);
      // Takes the pen over, and back: each fences the other.
      publish(viaRight, second);
      publish(viaLeft, TestRelease.of("shared:1.2.0", 3));
      await(() -> names(viaRight).equals(List.of("shared:1.2.0", "shared:1.1.0", "shared:1.0.0")));
      assertEquals(names(viaRight), names(viaLeft));
      ProblemException taken =
          assertThrows(
              ProblemException.class, () -> publish(viaRight, TestRelease.of("shared:1.2.0", 4)));
      assertEquals(409, taken.problem().status());
    }
  }

  @Test
  void sameVersionAtTwoRegistriesAtOnce_isPublishedOnce() throws Exception {
    try (Registry left = start();
        Registry right = start();
        RegistryClient viaLeft = client(left);
        RegistryClient viaRight = client(right);
        ExecutorService threads = Executors.newFixedThreadPool(8)) {
      List<Callable<Integer>> publishers = new ArrayList<>();
      for (int counter = 1; counter <= 8; counter++) {
        TestRelease rival = TestRelease.of("rival:1.0.0", counter);
        RegistryClient client = counter % 2 == 0 ? viaLeft : viaRight;
        publishers.add(() -> outcome(client, rival));
      }
      List<Integer> outcomes = new ArrayList<>();
      for (Future<Integer> outcome : threads.invokeAll(publishers)) {
        outcomes.add(outcome.get());
      }
      assertEquals(1, outcomes.stream().filter(status -> status == 201).count(), "" + outcomes);
      assertEquals(7, outcomes.stream().filter(status -> status == 409).count(), "" + outcomes);
      assertEquals(1, records("rival:1.0.0").size());
      ReleaseRef ref = ReleaseRef.parse("rival:1.0.0");
      await(() -> viaLeft.get(ref).equals(viaRight.get(ref)));
    }
  }

  @Test
  void decisionAtOneRegistry_isSeenAtTheOtherAndAfterARestart() throws Exception {
    TestRelease release = TestRelease.of("decided:1.0.0", 1);
    try (Registry left = start();
        Registry right = start();
        RegistryClient viaLeft = client(left);
        RegistryClient viaRight = client(right)) {
      publish(viaLeft, release);
      await(() -> lists(viaRight, "decided:1.0.0"));
      viaRight.status(release.ref(), "approved", "heard it", "ada");
      viaRight.setAlias("decided", "production", "1.0.0", "ada");
      await(() -> viaLeft.get(release.ref()).aliases().equals(List.of("production")));
      viaLeft.status(release.ref(), "revoked", "wakes to rain", "grace");
    }
    try (Registry registry = start();
        RegistryClient client = client(registry)) {
      ReleaseView after = client.get(release.ref());
      assertEquals("revoked", after.status());
      assertEquals(
          new ReleaseView.Decision(TestRelease.NOW.toString(), "grace", "wakes to rain"),
          after.statusChange());
      assertEquals(List.of("production"), after.aliases());
    }
  }

  /** Of several that decide on the same state one is first; the others learn that it changed. */
  @Test
  void decisionsAtTwoRegistriesAtOnce_areMadeOnWhatTheyWereBasedOn() throws Exception {
    TestRelease release = TestRelease.of("contested:1.0.0", 1);
    try (Registry left = start();
        Registry right = start();
        RegistryClient viaLeft = client(left);
        RegistryClient viaRight = client(right);
        ExecutorService threads = Executors.newFixedThreadPool(6)) {
      publish(viaLeft, release);
      await(() -> lists(viaRight, "contested:1.0.0"));
      List<Callable<Integer>> deciders = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        RegistryClient client = i % 2 == 0 ? viaLeft : viaRight;
        String status = i < 3 ? "approved" : "deprecated";
        deciders.add(() -> decide(client, release.ref(), status));
      }
      List<Integer> outcomes = new ArrayList<>();
      for (Future<Integer> outcome : threads.invokeAll(deciders)) {
        outcomes.add(outcome.get());
      }
      assertTrue(outcomes.contains(200), "" + outcomes);
      assertTrue(Set.of(200, 409, 412).containsAll(outcomes), "" + outcomes);
      await(() -> viaLeft.get(release.ref()).equals(viaRight.get(release.ref())));
    }
  }

  private static int decide(RegistryClient client, ReleaseRef ref, String status) {
    try {
      client.status(ref, status, "because", "ada");
      return 200;
    } catch (ProblemException e) {
      return e.problem().status();
    }
  }

  @Test
  void portInUse_isOneClearLine() {
    try (Registry registry = start()) {
      IllegalStateException refused =
          assertThrows(IllegalStateException.class, () -> start(registry.port(), "blobs").close());
      assertTrue(
          String.valueOf(refused.getMessage())
              .startsWith("registry: can't listen on 127.0.0.1:" + registry.port()),
          refused.getMessage());
    }
  }

  private static Registry start() {
    return start(0, "blobs");
  }

  private static Registry start(int port, String blobs) {
    return Registry.start(
        new RegistryConfig(
            "127.0.0.1",
            port,
            broker.bootstrap(),
            1,
            StorageConfig.local(directory.resolve(blobs)),
            RegistryConfig.LONGEST_BLOB,
            TOKEN,
            trust),
        InstantSource.fixed(TestRelease.NOW));
  }

  private static URI uri(Registry registry) {
    return URI.create("http://127.0.0.1:" + registry.port());
  }

  private static RegistryClient client(Registry registry) {
    return new RegistryClient(uri(registry), TOKEN);
  }

  private static void publish(RegistryClient client, TestRelease release) {
    for (ReleaseFile file : ReleaseFile.values()) {
      client.pushBlob(release.ref().name(), release.files().of(file));
    }
    client.publish(release.signed());
  }

  private static int outcome(RegistryClient client, TestRelease release) {
    try {
      publish(client, release);
      return 201;
    } catch (ProblemException e) {
      return e.problem().status();
    }
  }

  private static boolean lists(RegistryClient client, String release) {
    return client.list().stream().anyMatch(view -> view.release().equals(release));
  }

  private static List<String> names(RegistryClient client) {
    return client.list().stream()
        .filter(view -> view.name().equals("shared"))
        .map(ReleaseView::release)
        .toList();
  }

  /** What the topic holds for that key. */
  private static List<ModelRelease> records(String key) throws IOException {
    TopicPartition partition = new TopicPartition(KafkaTopic.RELEASE.topicName(), 0);
    List<ModelRelease> found = new ArrayList<>();
    try (KafkaConsumer<String, byte[]> consumer =
        new KafkaConsumer<>(
            KafkaSettings.consumer(broker.bootstrap(), "test"),
            new StringDeserializer(),
            new ByteArrayDeserializer())) {
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
      while (consumer.position(partition) < end) {
        for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ofMillis(100))) {
          if (record.key().equals(key)) {
            found.add(ModelRelease.parseFrom(record.value()));
          }
        }
      }
    }
    return found;
  }

  /** Until the condition holds; the class's timeout is the deadline. */
  private static void await(Callable<Boolean> condition) throws Exception {
    while (!condition.call()) {
      Thread.onSpinWait();
    }
  }
}
