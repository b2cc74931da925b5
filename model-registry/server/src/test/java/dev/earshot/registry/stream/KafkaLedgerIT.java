package dev.earshot.registry.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.protobuf.ByteString;
import dev.earshot.broker.EmbeddedBroker;
import dev.earshot.protocol.KafkaTopic;
import dev.earshot.protocol.trust.LocalTrust;
import dev.earshot.protocol.trust.MetadataFile;
import dev.earshot.protocol.v1.RegistryEntry;
import dev.earshot.protocol.v1.ReleaseAlias;
import dev.earshot.registry.TestRelease;
import dev.earshot.registry.ledger.Alias;
import dev.earshot.registry.ledger.Change;
import dev.earshot.registry.ledger.PinnedRoots;
import dev.earshot.registry.ledger.RegistryRecord;
import dev.earshot.registry.ledger.RegistryState;
import dev.earshot.registry.ledger.Side;
import dev.earshot.registry.release.PublishedRelease;
import dev.earshot.service.KafkaSettings;
import dev.earshot.service.Topics;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two topics, one ledger, on a real broker. */
@Timeout(60)
class KafkaLedgerIT {
  private static final LocalTrust TRUST = LocalTrust.ofSeed("ledger", TestRelease.EXPIRES);
  private static final RegistryState FIRST = RegistryState.of(PinnedRoots.of(TRUST));
  private static final MetadataFile TARGETS = new MetadataFile("targets", 1);

  @TempDir private static Path directory;
  private static EmbeddedBroker broker;

  @BeforeAll
  static void startBroker() {
    broker = EmbeddedBroker.start(directory.resolve("kafka"), 0);
    Topics.ensure(broker.bootstrap(), 1, (short) 1, KafkaTopic.RELEASE, KafkaTopic.REGISTRY);
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
  }

  @Test
  void recordsOfBothTopics_areWrittenTogetherAndReadByOthers() throws IOException {
    PublishedRelease release = release("together:1.0.0");
    Alias alias = alias("together", "production", "1.0.0");
    try (KafkaLedger left = open();
        KafkaLedger right = open()) {
      left.awaitCaughtUp();
      String answer =
          left.transact(
              state ->
                  Change.of(
                      "done",
                      new RegistryRecord.Release(release),
                      new RegistryRecord.AliasSet(alias),
                      new RegistryRecord.Metadata(Side.IMAGE, TARGETS, targets())));
      assertEquals("done", answer);
      right.awaitCaughtUp();
      for (KafkaLedger each : List.of(left, right)) {
        RegistryState state = each.state();
        assertEquals(Optional.of(release), state.catalog().find(release.ref()));
        assertEquals(Optional.of(alias), state.alias(alias.key()));
        assertEquals(
            TRUST.firstTargets().metadata(),
            state.signed().orElseThrow().image().targets().orElseThrow());
      }
      right.transact(state -> Change.of("gone", new RegistryRecord.AliasRemoved(alias.key())));
      assertEquals(Optional.empty(), right.state().alias(alias.key()));
    }
  }

  @Test
  void refusedDecision_writesNothing() {
    try (KafkaLedger ledger = open()) {
      assertThrows(
          IllegalArgumentException.class,
          () ->
              ledger.transact(
                  state -> {
                    throw new IllegalArgumentException("no");
                  }));
      Alias alias = alias("after", "candidate", "1.0.0");
      ledger.transact(state -> Change.of("", new RegistryRecord.AliasSet(alias)));
      assertEquals(Optional.of(alias), ledger.state().alias(alias.key()));
    }
  }

  @Test
  void badRecord_hidesItselfOnly() throws Exception {
    byte[] good =
        RegistryEntry.newBuilder()
            .setAlias(ReleaseAlias.newBuilder().setVersion("1.0.0"))
            .build()
            .toByteArray();
    byte[] noRoot =
        RegistryEntry.newBuilder().setMetadata(ByteString.copyFromUtf8("{}")).build().toByteArray();
    try (KafkaProducer<String, byte[]> writer =
        new KafkaProducer<>(
            KafkaSettings.producer(broker.bootstrap(), "vandal"),
            new StringSerializer(),
            new ByteArraySerializer())) {
      String topic = KafkaTopic.REGISTRY.topicName();
      writer.send(new ProducerRecord<>(topic, "nonsense", good)).get();
      writer.send(new ProducerRecord<>(topic, "alias/UPPER/production", good)).get();
      writer.send(new ProducerRecord<>(topic, "alias/bad/production", new byte[] {1, 2})).get();
      writer.send(new ProducerRecord<>(topic, "trust/image/2.root.json", noRoot)).get();
      writer.send(new ProducerRecord<>(topic, "trust/image/1.root.json", null)).get();
      writer.send(new ProducerRecord<>(topic, "alias/fine/production", good)).get();
      writer.send(new ProducerRecord<>(KafkaTopic.RELEASE.topicName(), "x:1.0.0", good)).get();
    }
    try (KafkaLedger ledger = open()) {
      ledger.awaitCaughtUp();
      RegistryState state = ledger.state();
      assertEquals("", ledger.problem());
      assertEquals(
          "1.0.0", state.alias(new Alias.Key("fine", "production")).orElseThrow().version());
      assertEquals(Optional.empty(), state.alias(new Alias.Key("bad", "production")));
      assertEquals(1, state.signed().orElseThrow().rootVersion(Side.IMAGE));
    }
  }

  private static KafkaLedger open() {
    return KafkaLedger.start(broker.bootstrap(), "test", FIRST);
  }

  private static PublishedRelease release(String ref) throws IOException {
    return PublishedRelease.candidate(TestRelease.of(ref, 1).signed(), TestRelease.NOW);
  }

  private static Alias alias(String name, String alias, String version) {
    return new Alias(new Alias.Key(name, alias), version, TestRelease.NOW, "somebody");
  }

  private static ByteString targets() {
    return ByteString.copyFrom(TRUST.firstTargets().bytes());
  }
}
