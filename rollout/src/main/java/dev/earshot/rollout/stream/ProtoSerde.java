package dev.earshot.rollout.stream;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/** Protobuf messages as Kafka values. */
final class ProtoSerde {
  private ProtoSerde() {}

  static <T extends MessageLite> Serde<T> of(Parser<T> parser) {
    return Serdes.serdeFrom(new Writer<T>(), new Reader<>(parser));
  }

  private static final class Writer<T extends MessageLite> implements Serializer<T> {
    @Override
    @SuppressWarnings("NullAway") // Kafka's tombstones are null values.
    public byte @Nullable [] serialize(String topic, @Nullable T message) {
      return message == null ? null : message.toByteArray();
    }
  }

  private record Reader<T extends MessageLite>(Parser<T> parser) implements Deserializer<T> {
    @Override
    @SuppressWarnings("NullAway") // Kafka's tombstones are null values.
    public @Nullable T deserialize(String topic, byte @Nullable [] bytes) {
      try {
        return bytes == null ? null : parser.parseFrom(bytes);
      } catch (InvalidProtocolBufferException e) {
        throw new SerializationException("a message in " + topic + " is damaged", e);
      }
    }
  }
}
