package dev.earshot.gateway.message;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.protobuf.ByteString;
import dev.earshot.gateway.TestObjects;
import dev.earshot.protocol.v1.DeviceAttributes;
import dev.earshot.protocol.v1.DeviceStatus;
import dev.earshot.protocol.v1.Heartbeat;
import dev.earshot.protocol.v1.SlotContent;
import dev.earshot.protocol.v1.UpdateReport;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class PayloadCheckTest {
  @Test
  void messagesWithinBounds_pass() {
    assertEquals(Optional.empty(), check(TestObjects.heartbeat(0)));
    assertEquals(Optional.empty(), check(TestObjects.heartbeat(1).clearScoreHistogram()));
    assertEquals(Optional.empty(), check(TestObjects.heartbeat(2).clearModelDigest()));
    // Unsigned on the wire: three billion milliseconds are 35 days.
    int days35 = (int) 3_000_000_000L;
    assertEquals(
        Optional.empty(),
        check(TestObjects.heartbeat(3).setIntervalMs(days35).setListeningMs(days35)));
    assertEquals(Optional.empty(), check(TestObjects.status()));
  }

  @Test
  void peaksOfEveryEventOrOfNone_pass() {
    Heartbeat.Builder counted =
        TestObjects.heartbeat(0).setWakes(5).setFalseAccepts(2).setSuspectedFalseRejects(1);
    assertEquals(Optional.empty(), check(counted.clone()));
    assertEquals(
        Optional.empty(),
        check(
            counted
                .clone()
                .addAllConfirmedWakeScores(peaks(3))
                .addAllFalseAcceptScores(peaks(2))
                .addAllSuspectedFalseRejectScores(peaks(1))
                .addAllNearMissScores(peaks(40))));
    // Without a second stage nobody confirmed the other three.
    assertEquals(Optional.empty(), check(counted.clone().addAllConfirmedWakeScores(peaks(1))));
  }

  @ParameterizedTest
  @MethodSource
  void peaksThatContradictTheCounts_areRefusedByField(Heartbeat.Builder peaks, String detail) {
    Heartbeat.Builder heartbeat =
        TestObjects.heartbeat(0)
            .setWakes(5)
            .setFalseAccepts(2)
            .setSuspectedFalseRejects(1)
            .mergeFrom(peaks.build());
    assertEquals(Optional.of(new Rejection(RejectReason.OUT_OF_BOUNDS, detail)), check(heartbeat));
  }

  static Stream<Arguments> peaksThatContradictTheCounts_areRefusedByField() {
    return Stream.of(
        Arguments.of(
            Heartbeat.newBuilder().addAllFalseAcceptScores(peaks(3)),
            "false_accept_scores: they add up to 3 (expected: false_accepts, 2)"),
        Arguments.of(
            Heartbeat.newBuilder().addAllSuspectedFalseRejectScores(peaks(0)),
            "suspected_false_reject_scores: they add up to 0"
                + " (expected: suspected_false_rejects, 1)"),
        Arguments.of(
            Heartbeat.newBuilder().addAllConfirmedWakeScores(peaks(4)),
            "confirmed_wake_scores: they add up to 4"
                + " (expected: at most wakes without false_accepts, 3)"),
        Arguments.of(
            Heartbeat.newBuilder().addNearMissScores(1),
            "near_miss_scores: 1 (expected: 0 or 32 entries)"),
        Arguments.of(
            Heartbeat.newBuilder().addFalseAcceptScores(2),
            "false_accept_scores: 1 (expected: 0 or 32 entries)"));
  }

  /** That many events, in the highest bucket. */
  private static List<Integer> peaks(int count) {
    List<Integer> buckets = new ArrayList<>(Collections.nCopies(32, 0));
    buckets.set(31, count);
    return buckets;
  }

  @ParameterizedTest
  @MethodSource
  void heartbeatOutOfBounds_isRefusedByField(Heartbeat.Builder heartbeat, String detail) {
    assertEquals(Optional.of(new Rejection(RejectReason.OUT_OF_BOUNDS, detail)), check(heartbeat));
  }

  static Stream<Arguments> heartbeatOutOfBounds_isRefusedByField() {
    return Stream.of(
        Arguments.of(TestObjects.heartbeat(0).setBootId(0), "boot_id: 0 (expected: at least 1)"),
        Arguments.of(
            TestObjects.heartbeat(0).setListeningMs(60_001),
            "listening_ms: 60001 (expected: at most interval_ms, 60000)"),
        Arguments.of(
            TestObjects.heartbeat(0).setListeningMs(-1),
            "listening_ms: 4294967295 (expected: at most interval_ms, 60000)"),
        Arguments.of(
            TestObjects.heartbeat(0).setModelDigest(ByteString.copyFrom(new byte[31])),
            "model_digest: 31 bytes (expected: 0 or 32)"),
        Arguments.of(
            TestObjects.heartbeat(0).setRelease("r".repeat(97)),
            "release: 97 characters (expected: at most 96)"),
        Arguments.of(
            TestObjects.heartbeat(0).addScoreHistogram(1),
            "score_histogram: 33 (expected: 0 or 32 entries)"),
        Arguments.of(
            TestObjects.heartbeat(0).addAllInferenceUsHistogram(Collections.nCopies(21, 0)),
            "inference_us_histogram: 21 (expected: at most 20 entries)"),
        Arguments.of(
            TestObjects.heartbeat(0).setBatterySocPct(101),
            "battery_soc_pct: 101.0 (expected: 0 to 100)"),
        Arguments.of(
            TestObjects.heartbeat(0).setBatterySocPctDrop(Float.NaN),
            "battery_soc_pct_drop: NaN (expected: -100 to 100)"));
  }

  @ParameterizedTest
  @MethodSource
  void statusOutOfBounds_isRefusedByField(DeviceStatus.Builder status, String detail) {
    assertEquals(Optional.of(new Rejection(RejectReason.OUT_OF_BOUNDS, detail)), check(status));
  }

  static Stream<Arguments> statusOutOfBounds_isRefusedByField() {
    return Stream.of(
        Arguments.of(TestObjects.status().setBootId(0), "boot_id: 0 (expected: at least 1)"),
        Arguments.of(
            TestObjects.status()
                .setAttributes(DeviceAttributes.newBuilder().setChip("c".repeat(33))),
            "attributes.chip: 33 characters (expected: at most 32)"),
        Arguments.of(
            TestObjects.status()
                .setAttributes(
                    DeviceAttributes.newBuilder().setUtcOffsetMinutes(Integer.MIN_VALUE)),
            "attributes.utc_offset_minutes: -2147483648 (expected: -1080 to 1080)"),
        Arguments.of(
            TestObjects.status()
                .addAllSlots(Collections.nCopies(3, SlotContent.getDefaultInstance())),
            "slots: 3 (expected: at most 2 entries)"),
        Arguments.of(
            TestObjects.status().setUpdate(UpdateReport.newBuilder().setText("x".repeat(201))),
            "update.text: 201 characters (expected: at most 200)"));
  }

  @Test
  void otherBytes_areUndecodable() {
    // A length-delimited field that promises more bytes than follow.
    byte[] truncated = {0x32, 0x7f, 0x00};
    assertEquals(RejectReason.UNDECODABLE, PayloadCheck.heartbeat(truncated).get().reason());
    // attributes, 5 bytes long: a chip of 3 bytes that are no UTF-8.
    byte[] badText = {0x22, 0x05, 0x0a, 0x03, (byte) 0xff, (byte) 0xff, (byte) 0xff};
    assertEquals(RejectReason.UNDECODABLE, PayloadCheck.status(badText).get().reason());
  }

  @Test
  void longDetail_isCut() {
    assertEquals(
        200, new Rejection(RejectReason.UNKNOWN_TOPIC, "x".repeat(70_000)).detail().length());
  }

  private static Optional<Rejection> check(Heartbeat.Builder heartbeat) {
    return PayloadCheck.heartbeat(heartbeat.build().toByteArray());
  }

  private static Optional<Rejection> check(DeviceStatus.Builder status) {
    return PayloadCheck.status(status.build().toByteArray());
  }
}
