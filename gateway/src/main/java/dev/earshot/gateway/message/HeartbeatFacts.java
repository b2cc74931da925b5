package dev.earshot.gateway.message;

import static com.google.protobuf.WireFormat.WIRETYPE_FIXED32;
import static com.google.protobuf.WireFormat.WIRETYPE_FIXED64;
import static com.google.protobuf.WireFormat.WIRETYPE_LENGTH_DELIMITED;
import static com.google.protobuf.WireFormat.WIRETYPE_VARINT;

import com.google.protobuf.WireFormat;
import dev.earshot.protocol.v1.Heartbeat;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.List;

/**
 * What the bounds of a heartbeat are about. Every heartbeat passes here on the gateway's hot path,
 * so the values are read from the wire in one pass over the bytes and into this one object, which
 * is used again and again.
 *
 * <p>Only plain payloads are read so: those of which no doubt is left that protobuf's parser would
 * find the same values. A group, a text beyond ASCII, a field of another type, a varint that does
 * not end: such a payload is not plain, and the caller has it parsed into objects, which finds the
 * values or the fault. Not plain is therefore never wrong, only slower; what devices send is plain.
 *
 * <p>A field that has neither bounds nor a form that could be broken inside is skipped like an
 * unknown one, by its wire type. Owned by one thread.
 */
final class HeartbeatFacts {
  private static final VarHandle FLOAT =
      MethodHandles.byteArrayViewVarHandle(float[].class, ByteOrder.LITTLE_ENDIAN);

  /** Of a varint's fourth byte. */
  private static final int MAX_BUCKET_SHIFT = 21;

  private static final byte[] NOTHING = {};

  private byte[] bytes = NOTHING;
  private int at;
  private boolean plain;

  // Unsigned, as the wire has them.
  int bootId;
  int intervalMs;
  int listeningMs;
  int wakes;
  int falseAccepts;
  int suspectedFalseRejects;
  int digestBytes;

  /** In UTF-16 units. */
  int releaseLength;

  float batterySocPct;
  float batterySocPctDrop;
  final Histogram scores = new Histogram();
  final Histogram inferenceUs = new Histogram();
  final Histogram confirmedWakeScores = new Histogram();
  final Histogram falseAcceptScores = new Histogram();
  final Histogram suspectedFalseRejectScores = new Histogram();
  final Histogram nearMissScores = new Histogram();

  /** What is asked of a histogram: how many buckets it has, and what these, unsigned, add up to. */
  static final class Histogram {
    int buckets;
    long sum;

    private void add(int unsigned) {
      buckets++;
      sum += Integer.toUnsignedLong(unsigned);
    }

    private void set(List<Integer> values) {
      clear();
      values.forEach(this::add);
    }

    private void clear() {
      buckets = 0;
      sum = 0;
    }
  }

  /** Whether the payload is plain; the facts are then its own, and otherwise of no meaning. */
  boolean readPlain(byte[] payload) {
    clear();
    bytes = payload;
    at = 0;
    plain = true;
    while (at < payload.length) {
      field(varint(payload.length));
    }
    bytes = NOTHING;
    return plain;
  }

  /** Takes the facts from a parsed heartbeat. */
  void read(Heartbeat heartbeat) {
    bootId = heartbeat.getBootId();
    intervalMs = heartbeat.getIntervalMs();
    listeningMs = heartbeat.getListeningMs();
    wakes = heartbeat.getWakes();
    falseAccepts = heartbeat.getFalseAccepts();
    suspectedFalseRejects = heartbeat.getSuspectedFalseRejects();
    digestBytes = heartbeat.getModelDigest().size();
    releaseLength = heartbeat.getRelease().length();
    batterySocPct = heartbeat.getBatterySocPct();
    batterySocPctDrop = heartbeat.getBatterySocPctDrop();
    scores.set(heartbeat.getScoreHistogramList());
    inferenceUs.set(heartbeat.getInferenceUsHistogramList());
    confirmedWakeScores.set(heartbeat.getConfirmedWakeScoresList());
    falseAcceptScores.set(heartbeat.getFalseAcceptScoresList());
    suspectedFalseRejectScores.set(heartbeat.getSuspectedFalseRejectScoresList());
    nearMissScores.set(heartbeat.getNearMissScoresList());
  }

  private void clear() {
    bootId = 0;
    intervalMs = 0;
    listeningMs = 0;
    wakes = 0;
    falseAccepts = 0;
    suspectedFalseRejects = 0;
    digestBytes = 0;
    releaseLength = 0;
    batterySocPct = 0;
    batterySocPctDrop = 0;
    scores.clear();
    inferenceUs.clear();
    confirmedWakeScores.clear();
    falseAcceptScores.clear();
    suspectedFalseRejectScores.clear();
    nearMissScores.clear();
  }

  /** Of a scalar that comes twice the last one counts. */
  private void field(int tag) {
    int type = WireFormat.getTagWireType(tag);
    switch (WireFormat.getTagFieldNumber(tag)) {
      case 0 -> giveUp();
      case Heartbeat.BOOT_ID_FIELD_NUMBER -> bootId = uint32(type);
      case Heartbeat.INTERVAL_MS_FIELD_NUMBER -> intervalMs = uint32(type);
      case Heartbeat.MODEL_DIGEST_FIELD_NUMBER -> digestBytes = delimited(type);
      case Heartbeat.RELEASE_FIELD_NUMBER -> releaseLength = ascii(type);
      case Heartbeat.LISTENING_MS_FIELD_NUMBER -> listeningMs = uint32(type);
      case Heartbeat.WAKES_FIELD_NUMBER -> wakes = uint32(type);
      case Heartbeat.FALSE_ACCEPTS_FIELD_NUMBER -> falseAccepts = uint32(type);
      case Heartbeat.SUSPECTED_FALSE_REJECTS_FIELD_NUMBER -> suspectedFalseRejects = uint32(type);
      case Heartbeat.SCORE_HISTOGRAM_FIELD_NUMBER -> buckets(scores, type);
      case Heartbeat.INFERENCE_US_HISTOGRAM_FIELD_NUMBER -> buckets(inferenceUs, type);
      case Heartbeat.BATTERY_SOC_PCT_FIELD_NUMBER -> batterySocPct = float32(type);
      case Heartbeat.BATTERY_SOC_PCT_DROP_FIELD_NUMBER -> batterySocPctDrop = float32(type);
      case Heartbeat.CONFIRMED_WAKE_SCORES_FIELD_NUMBER -> buckets(confirmedWakeScores, type);
      case Heartbeat.FALSE_ACCEPT_SCORES_FIELD_NUMBER -> buckets(falseAcceptScores, type);
      case Heartbeat.SUSPECTED_FALSE_REJECT_SCORES_FIELD_NUMBER ->
          buckets(suspectedFalseRejectScores, type);
      case Heartbeat.NEAR_MISS_SCORES_FIELD_NUMBER -> buckets(nearMissScores, type);
      default -> skip(type);
    }
  }

  private void skip(int type) {
    switch (type) {
      case WIRETYPE_VARINT -> uint32(type);
      case WIRETYPE_FIXED64 -> take(Long.BYTES);
      case WIRETYPE_LENGTH_DELIMITED -> delimited(type);
      case WIRETYPE_FIXED32 -> take(Integer.BYTES);
      default -> giveUp();
    }
  }

  private int uint32(int type) {
    return type == WIRETYPE_VARINT ? varint(bytes.length) : giveUp();
  }

  private float float32(int type) {
    int size = type == WIRETYPE_FIXED32 ? take(Float.BYTES) : giveUp();
    return size == 0 ? 0 : (float) FLOAT.get(bytes, at - size);
  }

  /** Steps over a length and as many bytes. */
  private int delimited(int type) {
    return type == WIRETYPE_LENGTH_DELIMITED ? take(varint(bytes.length)) : giveUp();
  }

  /** The length of a text of ASCII: as many characters as bytes, and no doubt that it is UTF-8. */
  private int ascii(int type) {
    int length = delimited(type);
    byte all = 0;
    for (int i = at - length; i < at; i++) {
      all |= bytes[i];
    }
    return all >= 0 ? length : giveUp();
  }

  /**
   * A repeated field comes packed, in one piece or more, or bucket by bucket. The packed varints
   * are of any width, which no branch predictor guesses: the loop has none. It is content with
   * buckets below 2^28.
   */
  private void buckets(Histogram histogram, int type) {
    if (type == WIRETYPE_VARINT) {
      histogram.add(varint(bytes.length));
      return;
    }
    int length = delimited(type);
    int shift = 0;
    int longest = 0;
    for (int i = at - length; i < at; i++) {
      int goesOn = bytes[i] >> 31; // -1 or, in the last byte of a varint, 0
      histogram.buckets += goesOn + 1;
      histogram.sum += (long) (bytes[i] & 0x7f) << shift;
      shift = (shift + 7) & goesOn;
      longest = Math.max(longest, shift);
    }
    if (shift != 0 || longest > MAX_BUCKET_SHIFT) {
      giveUp();
    }
  }

  /** Steps over so many bytes, unsigned; 0 when there are fewer. */
  private int take(int length) {
    if (length < 0 || length > bytes.length - at) {
      return giveUp();
    }
    at += length;
    return length;
  }

  /** The lowest 32 bits of a varint of at most ten bytes, all of them before the end. */
  private int varint(int end) {
    long value = 0;
    for (int shift = 0; shift < Long.SIZE && at < end; shift += 7) {
      byte next = bytes[at++];
      value |= (long) (next & 0x7f) << shift;
      if (next >= 0) {
        return (int) value;
      }
    }
    return giveUp();
  }

  /** Leaves nothing more to read. */
  private int giveUp() {
    plain = false;
    at = bytes.length;
    return 0;
  }
}
