package dev.earshot.registry.stream;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.earshot.protocol.KafkaTopic;
import dev.earshot.protocol.release.ReleaseRef;
import dev.earshot.protocol.trust.MetadataFile;
import dev.earshot.protocol.v1.ModelRelease;
import dev.earshot.protocol.v1.RegistryEntry;
import dev.earshot.protocol.v1.ReleaseAlias;
import dev.earshot.registry.ledger.Alias;
import dev.earshot.registry.ledger.RegistryRecord;
import dev.earshot.registry.ledger.RegistryState;
import dev.earshot.registry.ledger.Side;
import dev.earshot.registry.release.PublishedRelease;
import java.time.Instant;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/** How the registry's records lie in its two topics. */
final class LedgerCodec {
  private static final String ALIAS = "alias";
  private static final String TRUST = "trust";

  private LedgerCodec() {}

  static ProducerRecord<String, byte[]> encode(RegistryRecord record) {
    return switch (record) {
      case RegistryRecord.Release release ->
          new ProducerRecord<>(
              KafkaTopic.RELEASE.topicName(),
              release.release().ref().toString(),
              release.release().message().toByteArray());
      case RegistryRecord.AliasSet set -> entry(key(set.alias().key()), encode(set.alias()));
      case RegistryRecord.AliasRemoved removed -> tombstone(key(removed.key()));
      case RegistryRecord.Metadata file ->
          entry(
              key(file.side(), file.file()),
              RegistryEntry.newBuilder().setMetadata(file.bytes()).build());
      case RegistryRecord.MetadataDropped file -> tombstone(key(file.side(), file.file()));
    };
  }

  private static ProducerRecord<String, byte[]> entry(String key, RegistryEntry entry) {
    return new ProducerRecord<>(KafkaTopic.REGISTRY.topicName(), key, entry.toByteArray());
  }

  private static ProducerRecord<String, byte[]> tombstone(String key) {
    return new ProducerRecord<>(KafkaTopic.REGISTRY.topicName(), key, null);
  }

  private static String key(Alias.Key alias) {
    return String.join("/", ALIAS, alias.name(), alias.alias());
  }

  private static String key(Side side, MetadataFile file) {
    return String.join("/", TRUST, side.word(), file.name());
  }

  private static RegistryEntry encode(Alias alias) {
    return RegistryEntry.newBuilder()
        .setAlias(
            ReleaseAlias.newBuilder()
                .setVersion(alias.version())
                .setChangedAtMs(alias.changedAt().toEpochMilli())
                .setChangedBy(alias.changedBy()))
        .build();
  }

  /**
   * The state after a record that was read.
   *
   * @throws IllegalArgumentException when it can't be read or believed
   */
  static RegistryState apply(RegistryState state, ConsumerRecord<String, byte[]> record) {
    try {
      return record.topic().equals(KafkaTopic.RELEASE.topicName())
          ? release(state, record.key(), record.value())
          : state.with(entry(record.key(), record.value()));
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  private static RegistryState release(RegistryState state, String key, byte @Nullable [] value)
      throws InvalidProtocolBufferException {
    if (value == null) {
      return state.withCatalog(state.catalog().without(ReleaseRef.parse(key)));
    }
    PublishedRelease release = PublishedRelease.of(ModelRelease.parseFrom(value));
    return state.with(new RegistryRecord.Release(release));
  }

  private static RegistryRecord entry(String key, byte @Nullable [] value)
      throws InvalidProtocolBufferException {
    List<String> parts = List.of(key.split("/", -1));
    if (parts.size() != 3) {
      throw unknown(key);
    }
    return switch (parts.getFirst()) {
      case ALIAS -> alias(new Alias.Key(parts.get(1), parts.get(2)), value);
      case TRUST -> metadata(Side.of(parts.get(1)), MetadataFile.parse(parts.get(2)), value);
      default -> throw unknown(key);
    };
  }

  private static RegistryRecord alias(Alias.Key key, byte @Nullable [] value)
      throws InvalidProtocolBufferException {
    if (value == null) {
      return new RegistryRecord.AliasRemoved(key);
    }
    ReleaseAlias alias = RegistryEntry.parseFrom(value).getAlias();
    return new RegistryRecord.AliasSet(
        new Alias(
            key,
            alias.getVersion(),
            Instant.ofEpochMilli(alias.getChangedAtMs()),
            alias.getChangedBy()));
  }

  private static RegistryRecord metadata(Side side, MetadataFile file, byte @Nullable [] value)
      throws InvalidProtocolBufferException {
    if (value == null) {
      return new RegistryRecord.MetadataDropped(side, file);
    }
    ByteString bytes = RegistryEntry.parseFrom(value).getMetadata();
    return new RegistryRecord.Metadata(side, file, bytes);
  }

  private static IllegalArgumentException unknown(String key) {
    return new IllegalArgumentException(
        "key: '" + key + "' (expected: alias/NAME/ALIAS or trust/SIDE/FILE)");
  }
}
