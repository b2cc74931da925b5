package dev.earshot.gateway.message;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.earshot.protocol.v1.DeviceAttributes;
import dev.earshot.protocol.v1.DeviceStatus;
import dev.earshot.protocol.v1.Heartbeat;
import dev.earshot.protocol.v1.SlotContent;
import dev.earshot.protocol.v1.UpdateReport;
import java.util.Optional;

/**
 * Judges whether a payload is the message that its topic carries, within the bounds that the
 * protocol's definition names. Everything behind the gateway relies on it.
 */
public final class PayloadCheck {
  private static final int DIGEST_BYTES = 32;
  private static final int MAX_RELEASE = 96;
  private static final int MAX_NAME = 64;
  private static final int MAX_ATTRIBUTE = 32;
  private static final int MAX_TEXT = 200;
  private static final int SCORE_BUCKETS = 32;
  private static final int MAX_LATENCY_BUCKETS = 20;
  private static final int MAX_SLOTS = 2;
  private static final int MAX_UTC_OFFSET_MINUTES = 18 * 60;

  private static final ThreadLocal<HeartbeatFacts> FACTS =
      ThreadLocal.withInitial(HeartbeatFacts::new);

  private PayloadCheck() {}

  /** Empty when the payload is a heartbeat that may be forwarded. Creates no object then. */
  public static Optional<Rejection> heartbeat(byte[] payload) {
    HeartbeatFacts facts = FACTS.get();
    if (!facts.readPlain(payload)) {
      try {
        facts.read(Heartbeat.parseFrom(payload));
      } catch (InvalidProtocolBufferException e) {
        return undecodable("Heartbeat", e);
      }
    }
    Bounds bounds = new Bounds();
    bounds.positive("boot_id", facts.bootId);
    bounds.atMost("listening_ms", facts.listeningMs, "interval_ms", facts.intervalMs);
    bounds.digest("model_digest", facts.digestBytes);
    bounds.length("release", facts.releaseLength, MAX_RELEASE);
    bounds.scores("score_histogram", facts.scores);
    bounds.entries("inference_us_histogram", facts.inferenceUs.buckets, MAX_LATENCY_BUCKETS);
    peaks(bounds, facts);
    bounds.range("battery_soc_pct", facts.batterySocPct, 0);
    bounds.range("battery_soc_pct_drop", facts.batterySocPctDrop, -100);
    return bounds.rejection();
  }

  /**
   * Peak scores are there for every event or, on firmware that does not know them, for none. A wake
   * that no second stage has judged has neither verdict, so confirmed ones may be fewer.
   */
  private static void peaks(Bounds bounds, HeartbeatFacts facts) {
    long falseAccepts = Integer.toUnsignedLong(facts.falseAccepts);
    long suspected = Integer.toUnsignedLong(facts.suspectedFalseRejects);
    long unrejected = Integer.toUnsignedLong(facts.wakes) - falseAccepts;
    bounds.sum(
        "false_accept_scores",
        facts.falseAcceptScores,
        falseAccepts,
        falseAccepts,
        "false_accepts");
    bounds.sum(
        "suspected_false_reject_scores",
        facts.suspectedFalseRejectScores,
        suspected,
        suspected,
        "suspected_false_rejects");
    bounds.sum(
        "confirmed_wake_scores",
        facts.confirmedWakeScores,
        0,
        unrejected,
        "at most wakes without false_accepts");
    bounds.scores("near_miss_scores", facts.nearMissScores);
  }

  /** Empty when the payload is a device status that may be forwarded. */
  public static Optional<Rejection> status(byte[] payload) {
    DeviceStatus status;
    try {
      status = DeviceStatus.parseFrom(payload);
    } catch (InvalidProtocolBufferException e) {
      return undecodable("DeviceStatus", e);
    }
    Bounds bounds = new Bounds();
    bounds.positive("boot_id", status.getBootId());
    DeviceAttributes attributes = status.getAttributes();
    bounds.length("attributes.chip", attributes.getChip().length(), MAX_ATTRIBUTE);
    bounds.length("attributes.region", attributes.getRegion().length(), MAX_ATTRIBUTE);
    bounds.length("attributes.firmware", attributes.getFirmware().length(), MAX_ATTRIBUTE);
    bounds.length("attributes.hardware", attributes.getHardware().length(), MAX_ATTRIBUTE);
    bounds.within(
        "attributes.utc_offset_minutes", attributes.getUtcOffsetMinutes(), MAX_UTC_OFFSET_MINUTES);
    bounds.entries("slots", status.getSlotsCount(), MAX_SLOTS);
    for (SlotContent slot : status.getSlotsList()) {
      bounds.length("slots.release", slot.getRelease().length(), MAX_RELEASE);
      bounds.digest("slots.model_digest", slot.getModelDigest().size());
    }
    UpdateReport update = status.getUpdate();
    bounds.length("update.command_id", update.getCommandId().length(), MAX_NAME);
    bounds.length("update.release", update.getRelease().length(), MAX_RELEASE);
    bounds.length("update.text", update.getText().length(), MAX_TEXT);
    return bounds.rejection();
  }

  private static Optional<Rejection> undecodable(
      String message, InvalidProtocolBufferException cause) {
    return Optional.of(
        new Rejection(RejectReason.UNDECODABLE, "not a " + message + ": " + cause.getMessage()));
  }

  /** Remembers the first field that is out of bounds. Writes no text while all are within. */
  private static final class Bounds {
    private Optional<Rejection> rejection = Optional.empty();

    Optional<Rejection> rejection() {
      return rejection;
    }

    void positive(String field, int unsigned) {
      if (unsigned == 0) {
        refuse(field, "0", "at least 1");
      }
    }

    void atMost(String field, int unsigned, String limit, int unsignedLimit) {
      if (Integer.compareUnsigned(unsigned, unsignedLimit) > 0) {
        refuse(
            field,
            Integer.toUnsignedString(unsigned),
            "at most " + limit + ", " + Integer.toUnsignedString(unsignedLimit));
      }
    }

    void within(String field, int value, int most) {
      if (Math.abs((long) value) > most) {
        refuse(field, "" + value, -most + " to " + most);
      }
    }

    void range(String field, float percent, float lowest) {
      boolean holds = percent >= lowest && percent <= 100; // NaN fails.
      if (!holds) {
        refuse(field, "" + percent, (int) lowest + " to 100");
      }
    }

    void length(String field, int characters, int most) {
      if (characters > most) {
        refuse(field, characters + " characters", "at most " + most);
      }
    }

    void digest(String field, int bytes) {
      if (bytes != 0 && bytes != DIGEST_BYTES) {
        refuse(field, bytes + " bytes", "0 or 32");
      }
    }

    void entries(String field, int entries, int most) {
      if (entries > most) {
        refuse(field, "" + entries, "at most " + most + " entries");
      }
    }

    void scores(String field, HeartbeatFacts.Histogram scores) {
      if (scores.buckets != 0 && scores.buckets != SCORE_BUCKETS) {
        refuse(field, "" + scores.buckets, "0 or 32 entries");
      }
    }

    /** Scores that are not all left out add up to at least this, at most that. */
    void sum(
        String field, HeartbeatFacts.Histogram scores, long least, long most, String expected) {
      scores(field, scores);
      if (scores.buckets != 0 && (scores.sum < least || scores.sum > most)) {
        refuse(field, "they add up to " + scores.sum, expected + ", " + most);
      }
    }

    private void refuse(String field, String value, String expected) {
      if (rejection.isEmpty()) {
        rejection =
            Optional.of(
                new Rejection(
                    RejectReason.OUT_OF_BOUNDS,
                    field + ": " + value + " (expected: " + expected + ")"));
      }
    }
  }
}
