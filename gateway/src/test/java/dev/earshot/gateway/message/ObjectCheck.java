package dev.earshot.gateway.message;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.earshot.protocol.v1.DeviceAttributes;
import dev.earshot.protocol.v1.DeviceStatus;
import dev.earshot.protocol.v1.Heartbeat;
import dev.earshot.protocol.v1.SlotContent;
import dev.earshot.protocol.v1.UpdateReport;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The same judgement as {@link PayloadCheck}, the plain way: protobuf parses every payload into
 * objects. What the quick one is held against.
 */
final class ObjectCheck {
  private static final int DIGEST_BYTES = 32;
  private static final int MAX_RELEASE = 96;
  private static final int MAX_NAME = 64;
  private static final int MAX_ATTRIBUTE = 32;
  private static final int MAX_TEXT = 200;
  private static final int SCORE_BUCKETS = 32;
  private static final int MAX_LATENCY_BUCKETS = 20;
  private static final int MAX_SLOTS = 2;
  private static final int MAX_UTC_OFFSET_MINUTES = 18 * 60;

  private ObjectCheck() {}

  /** Empty when the payload is a heartbeat that may be forwarded. */
  static Optional<Rejection> heartbeat(byte[] payload) {
    Heartbeat heartbeat;
    try {
      heartbeat = Heartbeat.parseFrom(payload);
    } catch (InvalidProtocolBufferException e) {
      return undecodable("Heartbeat", e);
    }
    Bounds bounds = new Bounds();
    bounds.positive("boot_id", heartbeat.getBootId());
    bounds.atMost(
        "listening_ms", heartbeat.getListeningMs(), "interval_ms", heartbeat.getIntervalMs());
    bounds.digest("model_digest", heartbeat.getModelDigest());
    bounds.length("release", heartbeat.getRelease(), MAX_RELEASE);
    int scores = heartbeat.getScoreHistogramCount();
    bounds.require(
        scores == 0 || scores == SCORE_BUCKETS, "score_histogram", scores, "0 or 32 entries");
    int latencies = heartbeat.getInferenceUsHistogramCount();
    bounds.require(
        latencies <= MAX_LATENCY_BUCKETS,
        "inference_us_histogram",
        latencies,
        "at most 20 entries");
    peaks(bounds, heartbeat);
    bounds.range("battery_soc_pct", heartbeat.getBatterySocPct(), 0);
    bounds.range("battery_soc_pct_drop", heartbeat.getBatterySocPctDrop(), -100);
    return bounds.rejection();
  }

  /**
   * Peak scores are there for every event or, on firmware that does not know them, for none. A wake
   * that no second stage has judged has neither verdict, so confirmed ones may be fewer.
   */
  private static void peaks(Bounds bounds, Heartbeat heartbeat) {
    long falseAccepts = Integer.toUnsignedLong(heartbeat.getFalseAccepts());
    long suspected = Integer.toUnsignedLong(heartbeat.getSuspectedFalseRejects());
    long unrejected = Integer.toUnsignedLong(heartbeat.getWakes()) - falseAccepts;
    bounds
        .buckets("false_accept_scores", heartbeat.getFalseAcceptScoresList())
        .ifPresent(
            sum ->
                bounds.require(
                    sum == falseAccepts,
                    "false_accept_scores",
                    "they add up to " + sum,
                    "false_accepts, " + falseAccepts));
    bounds
        .buckets("suspected_false_reject_scores", heartbeat.getSuspectedFalseRejectScoresList())
        .ifPresent(
            sum ->
                bounds.require(
                    sum == suspected,
                    "suspected_false_reject_scores",
                    "they add up to " + sum,
                    "suspected_false_rejects, " + suspected));
    bounds
        .buckets("confirmed_wake_scores", heartbeat.getConfirmedWakeScoresList())
        .ifPresent(
            sum ->
                bounds.require(
                    sum <= unrejected,
                    "confirmed_wake_scores",
                    "they add up to " + sum,
                    "at most wakes without false_accepts, " + unrejected));
    var _ = bounds.buckets("near_miss_scores", heartbeat.getNearMissScoresList());
  }

  /** Empty when the payload is a device status that may be forwarded. */
  static Optional<Rejection> status(byte[] payload) {
    DeviceStatus status;
    try {
      status = DeviceStatus.parseFrom(payload);
    } catch (InvalidProtocolBufferException e) {
      return undecodable("DeviceStatus", e);
    }
    Bounds bounds = new Bounds();
    bounds.positive("boot_id", status.getBootId());
    DeviceAttributes attributes = status.getAttributes();
    bounds.length("attributes.chip", attributes.getChip(), MAX_ATTRIBUTE);
    bounds.length("attributes.region", attributes.getRegion(), MAX_ATTRIBUTE);
    bounds.length("attributes.firmware", attributes.getFirmware(), MAX_ATTRIBUTE);
    bounds.length("attributes.hardware", attributes.getHardware(), MAX_ATTRIBUTE);
    int offset = attributes.getUtcOffsetMinutes();
    bounds.require(
        Math.abs((long) offset) <= MAX_UTC_OFFSET_MINUTES,
        "attributes.utc_offset_minutes",
        offset,
        "-1080 to 1080");
    int slots = status.getSlotsCount();
    bounds.require(slots <= MAX_SLOTS, "slots", slots, "at most 2 entries");
    for (SlotContent slot : status.getSlotsList()) {
      bounds.length("slots.release", slot.getRelease(), MAX_RELEASE);
      bounds.digest("slots.model_digest", slot.getModelDigest());
    }
    UpdateReport update = status.getUpdate();
    bounds.length("update.command_id", update.getCommandId(), MAX_NAME);
    bounds.length("update.release", update.getRelease(), MAX_RELEASE);
    bounds.length("update.text", update.getText(), MAX_TEXT);
    return bounds.rejection();
  }

  private static Optional<Rejection> undecodable(
      String message, InvalidProtocolBufferException cause) {
    return Optional.of(
        new Rejection(RejectReason.UNDECODABLE, "not a " + message + ": " + cause.getMessage()));
  }

  /** Remembers the first field that is out of bounds. */
  private static final class Bounds {
    private Optional<Rejection> rejection = Optional.empty();

    Optional<Rejection> rejection() {
      return rejection;
    }

    void require(boolean holds, String field, Object value, String expected) {
      if (!holds && rejection.isEmpty()) {
        rejection =
            Optional.of(
                new Rejection(
                    RejectReason.OUT_OF_BOUNDS,
                    field + ": " + value + " (expected: " + expected + ")"));
      }
    }

    /** The sum over a histogram's buckets; empty when it is empty, or refused. */
    OptionalLong buckets(String field, List<Integer> unsigned) {
      if (unsigned.isEmpty()) {
        return OptionalLong.empty();
      }
      require(unsigned.size() == SCORE_BUCKETS, field, unsigned.size(), "0 or 32 entries");
      return OptionalLong.of(unsigned.stream().mapToLong(Integer::toUnsignedLong).sum());
    }

    void positive(String field, int unsigned) {
      require(unsigned != 0, field, 0, "at least 1");
    }

    void atMost(String field, int unsigned, String limit, int unsignedLimit) {
      require(
          Integer.compareUnsigned(unsigned, unsignedLimit) <= 0,
          field,
          Integer.toUnsignedString(unsigned),
          "at most " + limit + ", " + Integer.toUnsignedString(unsignedLimit));
    }

    void range(String field, float percent, float lowest) {
      // Written so that NaN fails.
      require(percent >= lowest && percent <= 100, field, percent, (int) lowest + " to 100");
    }

    void length(String field, String text, int most) {
      require(text.length() <= most, field, text.length() + " characters", "at most " + most);
    }

    void digest(String field, ByteString digest) {
      require(
          digest.isEmpty() || digest.size() == DIGEST_BYTES,
          field,
          digest.size() + " bytes",
          "0 or 32");
    }
  }
}
