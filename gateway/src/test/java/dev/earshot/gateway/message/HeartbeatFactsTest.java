package dev.earshot.gateway.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.WireFormat;
import dev.earshot.gateway.TestObjects;
import dev.earshot.protocol.v1.Heartbeat;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HeartbeatFactsTest {
  private static final Set<String> READ =
      Set.of(
          "boot_id",
          "interval_ms",
          "model_digest",
          "release",
          "listening_ms",
          "wakes",
          "false_accepts",
          "suspected_false_rejects",
          "score_histogram",
          "inference_us_histogram",
          "battery_soc_pct",
          "battery_soc_pct_drop",
          "confirmed_wake_scores",
          "false_accept_scores",
          "suspected_false_reject_scores",
          "near_miss_scores");

  /** These have no bounds. */
  private static final Set<String> SKIPPED =
      Set.of(
          "sequence",
          "interval_start_ms",
          "uptime_ms",
          "slot",
          "environment",
          "inferences",
          "ndp_energy_uj",
          "battery_discharge_duration_ms",
          "charging",
          "operational_crashfree_ms",
          "unexpected_reboots",
          "connectivity_connected_ms",
          "connectivity_expected_ms",
          "dropped_heartbeats");

  @Test
  void everyFieldOfTheDefinition_isReadOrSkipped() {
    Set<String> known = new TreeSet<>(READ);
    known.addAll(SKIPPED);
    assertEquals(
        known,
        fields().stream()
            .map(FieldDescriptor::getName)
            .collect(Collectors.toCollection(TreeSet::new)),
        "a new field: give it bounds in PayloadCheck or say here that it has none");
  }

  @Test
  void skippedFields_areScalarsThatNothingInsideCanBreak() {
    Set<JavaType> scalars =
        EnumSet.of(JavaType.INT, JavaType.LONG, JavaType.FLOAT, JavaType.DOUBLE);
    scalars.addAll(EnumSet.of(JavaType.BOOLEAN, JavaType.ENUM));
    for (FieldDescriptor field : fields()) {
      if (SKIPPED.contains(field.getName())) {
        assertTrue(scalars.contains(field.getJavaType()) && !field.isRepeated(), field.getName());
      }
    }
  }

  @Test
  void textOrBucketsBrokenInside_areNotPlain() {
    for (FieldDescriptor field : fields()) {
      int tag = field.getNumber() << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED;
      // One byte long; a varint that goes on, or no UTF-8.
      byte[] broken = {(byte) (tag | 0x80), (byte) (tag >> 7), 1, (byte) 0xff};
      if (field.isRepeated() || field.getJavaType() == JavaType.STRING) {
        assertFalse(new HeartbeatFacts().readPlain(broken), field.getName());
        assertEquals(ObjectCheck.heartbeat(broken), PayloadCheck.heartbeat(broken));
      }
    }
  }

  /** 08: boot_id, 32: model_digest, 3a: release, 72: score_histogram, fb 01: a group 31. */
  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          nothing                              |                            | true  | boot_id: 0
          scalar twice, the last one counts    | 0800 0801                  | true  | good
          scalar twice, the last one is bad    | 0801 0800                  | true  | boot_id: 0
          tag wider than needed                | 888000 01                  | true  | good
          tag beyond 32 bits                   | 888080808001 01            | true  | good
          ten bytes, the lowest 32 bits count  | 0881808080808080808001     | true  | good
          2^32, the lowest 32 bits count       | 088080808010               | true  | boot_id: 0
          eleven bytes                         | 088180808080808080808001   | false | undecodable
          varint cut off                       | 0881                       | false | undecodable
          tag cut off                          | 0801 92                    | false | undecodable
          another type is another field        | 0d01000000                 | false | boot_id: 0
          type 6                               | 0801 0e                    | false | undecodable
          type 7                               | 0801 0f                    | false | undecodable
          field 0                              | 0801 0000                  | false | undecodable
          field 0, of a length                 | 0801 0200                  | false | undecodable
          unknown varint                       | 0801 f80105                | true  | good
          unknown varint, eleven bytes         | 0801 f8018180808080808080808001 | false | undecodable
          unknown fixed64                      | 0801 f9010000000000000000  | true  | good
          unknown fixed64, cut off             | 0801 f90100000000000000    | false | undecodable
          unknown bytes                        | 0801 fa0102ffff            | true  | good
          unknown fixed32                      | 0801 fd0100000000          | true  | good
          unknown fixed32, cut off             | 0801 fd01000000            | false | undecodable
          unknown group                        | 0801 fb01 0805 fc01        | false | good
          group that does not end              | 0801 fb01 0805             | false | undecodable
          group that ends as another           | 0801 fb01 f401             | false | undecodable
          end of no group                      | 0801 fc01                  | false | undecodable
          unknown value of an enum             | 0801 407f                  | true  | good
          negative value of an enum            | 0801 40ffffffffffffffffff01 | true | good
          digest of one byte                   | 0801 320100                | true  | model_digest: 1
          digest, the last one counts          | 0801 320100 3200           | true  | good
          negative length                      | 0801 32ffffffff0f          | false | undecodable
          length beyond 32 bits                | 0801 328080808010          | true  | good
          length of one byte too many          | 0801 320200                | false | undecodable
          release beyond ASCII                 | 0801 3a02c3a9              | false | good
          release that is no UTF-8             | 0801 3a01ff                | false | undecodable
          release that is, after one that is not | 0801 3a01ff 3a0161       | false | undecodable
          release in overlong UTF-8            | 0801 3a02c080              | false | undecodable
          bucket that its field cuts off       | 0801 720180 0801           | false | undecodable
          bucket of eleven bytes               | 0801 720b8180808080808080808001 | false | undecodable
          buckets, singly and packed           | 0801 7005 72020102 7000    | true  | score_histogram: 4
          no buckets                           | 0801 7200                  | true  | good
          not a number                         | 0801 95010000c07f          | true  | battery_soc_pct: NaN
          minus zero                           | 0801 950100000080          | true  | good
          float cut off                        | 0801 95010000c0            | false | undecodable
          """)
  void bytes_areJudgedAsByTheirObject(String name, String hex, boolean plain, String outcome) {
    byte[] payload = HexFormat.of().parseHex(hex == null ? "" : hex.replace(" ", ""));
    Optional<Rejection> judged = PayloadCheck.heartbeat(payload);
    assertEquals(ObjectCheck.heartbeat(payload), judged);
    assertEquals(plain, new HeartbeatFacts().readPlain(payload));
    assertTrue(judged.map(HeartbeatFactsTest::text).orElse("good").startsWith(outcome), name);
  }

  private static String text(Rejection rejection) {
    return rejection.reason() == RejectReason.UNDECODABLE ? "undecodable" : rejection.detail();
  }

  @Test
  void bucketsTooLargeToBePlain_areAddedUpUnsigned() {
    for (int bucket : new int[] {(1 << 28) - 1, 1 << 28, -1}) {
      Heartbeat.Builder heartbeat =
          TestObjects.heartbeat(0)
              .setWakes(-1)
              .setFalseAccepts(bucket)
              .addFalseAcceptScores(bucket)
              .addAllFalseAcceptScores(Collections.nCopies(31, 0));
      byte[] payload = heartbeat.build().toByteArray();
      assertEquals(bucket == (1 << 28) - 1, new HeartbeatFacts().readPlain(payload));
      assertEquals(Optional.empty(), PayloadCheck.heartbeat(payload));
    }
  }

  private static List<FieldDescriptor> fields() {
    return Heartbeat.getDescriptor().getFields();
  }
}
