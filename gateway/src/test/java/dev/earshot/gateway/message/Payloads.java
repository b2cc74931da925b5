package dev.earshot.gateway.message;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Message;
import dev.earshot.gateway.TestObjects;
import dev.earshot.protocol.v1.Heartbeat;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * Payloads at random: good ones, ones with fields of any value, and ones whose bytes are broken.
 */
final class Payloads {
  private static final int[] COUNTS = {0, 1, 2, 3, 20, 21, 31, 32, 32, 32, 33};
  private static final int[] LENGTHS = {0, 1, 31, 32, 33, 64, 65, 96, 97, 200, 201, 300};
  private static final int[] INTS = {0, 1, 2, 32, 1080, 60_000, 60_001, -1080, -1};
  private static final float[] FLOATS = {
    0, -0f, 80, 100, 100.01f, -100, -100.01f, Float.NaN, Float.POSITIVE_INFINITY
  };
  private static final String[] CHARACTERS = {"a", "a", "a", "\u00e9", "\u20ac", "\ud83d\udd0a"};

  private final Random random;
  private final Fields fields;

  Payloads(Random random) {
    this.random = random;
    fields = new Fields(random);
  }

  /** Of a heartbeat, or of what was one. */
  byte[] heartbeat() {
    return switch (random.nextInt(10)) {
      case 0 -> goodHeartbeat().build().toByteArray();
      case 1 -> spoiled(goodHeartbeat(), 1).toByteArray();
      case 2 -> any(Heartbeat.getDescriptor()).toByteArray();
      case 3 -> fields.bytes(random.nextInt(100));
      case 4, 5 -> fields.broken(spoiled(goodHeartbeat(), random.nextInt(3)).toByteArray());
      default -> fields.broken(goodHeartbeat().build().toByteArray());
    };
  }

  /** Of a device's status, or of what was one. */
  byte[] status() {
    return switch (random.nextInt(4)) {
      case 0 -> TestObjects.status().build().toByteArray();
      case 1 -> any(TestObjects.status().getDescriptorForType()).toByteArray();
      case 2 -> fields.broken(TestObjects.status().build().toByteArray());
      default -> spoiled(TestObjects.status(), 1 + random.nextInt(2)).toByteArray();
    };
  }

  /** Within bounds, of any size, in ASCII. */
  Heartbeat.Builder goodHeartbeat() {
    Heartbeat.Builder heartbeat = TestObjects.heartbeat(random.nextInt());
    int falseAccepts = random.nextInt(5);
    int suspected = random.nextInt(300);
    int confirmed = random.nextInt(1 << random.nextInt(20));
    heartbeat
        .setWakes(falseAccepts + confirmed)
        .setFalseAccepts(falseAccepts)
        .setSuspectedFalseRejects(suspected)
        .setIntervalStartMs(random.nextLong())
        .setSlotValue(random.nextInt(-1, 4))
        .setRelease("r".repeat(random.nextInt(97)))
        .clearScoreHistogram();
    if (random.nextBoolean()) {
      heartbeat.addAllFalseAcceptScores(peaks(falseAccepts));
      heartbeat.addAllConfirmedWakeScores(peaks(random.nextInt(confirmed + 1)));
      heartbeat.addAllSuspectedFalseRejectScores(peaks(suspected));
      heartbeat.addAllNearMissScores(peaks(random.nextInt(1 << 20)));
      heartbeat.addAllScoreHistogram(peaks(random.nextInt(1 << 20)));
    }
    for (int bucket = random.nextInt(21); bucket > 0; bucket--) {
      heartbeat.addInferenceUsHistogram(random.nextInt(1 << random.nextInt(28)));
    }
    return random.nextBoolean()
        ? heartbeat
        : heartbeat.setBatterySocPctDrop(-100).setCharging(true);
  }

  private List<Integer> peaks(int events) {
    List<Integer> buckets = new ArrayList<>(Collections.nCopies(32, 0));
    for (int left = events; left > 0; ) {
      int some = 1 + random.nextInt(left);
      int bucket = random.nextInt(32);
      buckets.set(bucket, buckets.get(bucket) + some);
      left -= some;
    }
    return buckets;
  }

  /** With so many fields of any value. */
  private Message spoiled(Message.Builder message, int count) {
    List<FieldDescriptor> all = message.getDescriptorForType().getFields();
    for (int i = 0; i < count; i++) {
      setAny(message, all.get(random.nextInt(all.size())));
    }
    return message.build();
  }

  private Message any(Descriptor type) {
    DynamicMessage.Builder message = DynamicMessage.newBuilder(type);
    for (FieldDescriptor field : type.getFields()) {
      if (random.nextBoolean()) {
        setAny(message, field);
      }
    }
    return message.build();
  }

  private void setAny(Message.Builder message, FieldDescriptor field) {
    message.clearField(field);
    if (!field.isRepeated()) {
      message.setField(field, anyValue(field));
      return;
    }
    for (int count = COUNTS[random.nextInt(COUNTS.length)]; count > 0; count--) {
      message.addRepeatedField(field, anyValue(field));
    }
  }

  private Object anyValue(FieldDescriptor field) {
    return switch (field.getJavaType()) {
      case INT -> anyInt();
      case LONG -> (long) anyInt() * random.nextInt();
      case FLOAT -> FLOATS[random.nextInt(FLOATS.length)];
      case DOUBLE -> (double) FLOATS[random.nextInt(FLOATS.length)];
      case BOOLEAN -> random.nextBoolean();
      case STRING -> anyText();
      case BYTE_STRING ->
          ByteString.copyFrom(fields.bytes(LENGTHS[random.nextInt(LENGTHS.length)]));
      case ENUM -> field.getEnumType().findValueByNumberCreatingIfUnknown(anyInt());
      case MESSAGE -> any(field.getMessageType());
    };
  }

  private int anyInt() {
    return random.nextBoolean() ? INTS[random.nextInt(INTS.length)] : random.nextInt();
  }

  private String anyText() {
    String most = CHARACTERS[random.nextInt(CHARACTERS.length)];
    String one = CHARACTERS[random.nextInt(CHARACTERS.length)];
    return one + most.repeat(LENGTHS[random.nextInt(LENGTHS.length)]);
  }
}
