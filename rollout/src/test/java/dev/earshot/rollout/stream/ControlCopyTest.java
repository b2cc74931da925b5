package dev.earshot.rollout.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import dev.earshot.protocol.KafkaTopic;
import dev.earshot.protocol.v1.Arm;
import dev.earshot.protocol.v1.Assignment;
import dev.earshot.protocol.v1.ModelRelease;
import dev.earshot.protocol.v1.RolloutEvent;
import dev.earshot.protocol.v1.RolloutSnapshot;
import dev.earshot.rollout.control.ControlPlane.Assigned;
import dev.earshot.rollout.control.ControlPlane.Entry;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class ControlCopyTest {
  private final ControlCopy copy = new ControlCopy();

  @Test
  void answer_isTheFirstOneToARequest() {
    event("r-1", 0, 5, "k-abc-1", 2);
    event("r-1", 0, 6, "k-abc-1", 3);
    assertEquals(2, Objects.requireNonNull(copy.answered("k-abc-1")).getRevision());
    assertEquals("k-abc-1", Objects.requireNonNull(copy.answered("k-abc-")).getRequestId());
    assertNull(copy.answered("k-abd-"));
    assertNull(copy.answered("k-abb-"));
  }

  @Test
  void answer_countsWhenTheStateShowsWhatItTells() {
    RolloutEvent event = RolloutEvent.newBuilder().setRollout("r-1").setRevision(2).build();
    assertFalse(copy.shows(event));
    take(KafkaTopic.ROLLOUT_STATE, "r-1", rollout("r-1", 1));
    assertFalse(copy.shows(event));
    take(KafkaTopic.ROLLOUT_STATE, "r-1", rollout("r-1", 2));
    assertTrue(copy.shows(event));
    take(KafkaTopic.ROLLOUT_STATE, "r-1", null);
    assertTrue(copy.shows(event), "it is gone, and will not show anything any more");
    assertTrue(copy.shows(RolloutEvent.newBuilder().setRollout("r-2").build()), "a refusal");
  }

  @Test
  void preview_canBeAskedForButIsInNoList_andGoesAway() {
    take(KafkaTopic.ROLLOUT_STATE, "p-1", rollout("p-1", 1));
    take(KafkaTopic.ROLLOUT_STATE, "r-1", rollout("r-1", 1));
    event("p-1", 0, 1, "k-1", 1);
    event("r-1", 0, 2, "", 1);
    assertEquals(1, copy.rollouts().size());
    assertEquals("p-1", Objects.requireNonNull(copy.rollout("p-1")).getRollout());
    assertEquals(List.of("r-1"), rollouts(copy.log(0, 10)));
    assertEquals("p-1", Objects.requireNonNull(copy.answered("k-1")).getRollout());
    take(KafkaTopic.ROLLOUT_STATE, "p-1", null);
    assertNull(copy.rollout("p-1"));
  }

  @Test
  void events_areReadAfterAnOffset_andTheLogInTheOrderOfReading() {
    event("r-1", 0, 3, "", 1);
    event("r-2", 1, 0, "", 1);
    event("r-1", 0, 7, "", 2);
    assertEquals(2, copy.events("r-1", -1, 10).size());
    assertEquals(7, copy.events("r-1", 3, 10).getFirst().offset());
    assertEquals(3, copy.events("r-1", -1, 1).getFirst().offset());
    assertEquals(List.of(), copy.events("r-1", 7, 10));
    assertEquals(List.of("r-1", "r-2", "r-1"), rollouts(copy.log(0, 10)));
    assertEquals(List.of("r-2"), rollouts(copy.log(1, 1)));
    assertEquals(List.of(), copy.log(9, 1));
  }

  @Test
  void device_isInOneRolloutAtATime() {
    assign("home/a", "r-1", Arm.TREATMENT);
    assign("home/b", "r-1", Arm.CONTROL);
    assign("home/a", "r-2", Arm.CONTROL);
    assertEquals(List.of("home/b"), devices(copy.assignments("r-1", "", 9, any -> true)));
    assertEquals(
        "r-2", Objects.requireNonNull(copy.assignment("home/a")).assignment().getRollout());
    assertEquals(List.of(), copy.assignments("r-1", "", 9, each -> each.getArm() == Arm.TREATMENT));
    assertEquals(List.of(), copy.assignments("r-1", "home/b", 9, any -> true));
    take(KafkaTopic.ASSIGNMENT, "home/a", null);
    assertNull(copy.assignment("home/a"));
    assertEquals(List.of(), copy.assignments("r-2", "", 9, any -> true));
  }

  @Test
  void releaseWithoutAValue_isGone() {
    take(KafkaTopic.RELEASE, "hey-nova:1.0.0", ModelRelease.getDefaultInstance());
    assertEquals(ModelRelease.getDefaultInstance(), copy.release("hey-nova:1.0.0"));
    take(KafkaTopic.RELEASE, "hey-nova:1.0.0", null);
    assertNull(copy.release("hey-nova:1.0.0"));
  }

  private void event(String rollout, int partition, long offset, String request, long revision) {
    take(
        KafkaTopic.ROLLOUT_EVENT,
        partition,
        offset,
        rollout,
        RolloutEvent.newBuilder()
            .setRollout(rollout)
            .setRequestId(request)
            .setRevision(revision)
            .build());
  }

  private void assign(String device, String rollout, Arm arm) {
    take(
        KafkaTopic.ASSIGNMENT,
        device,
        Assignment.newBuilder().setRollout(rollout).setArm(arm).build());
  }

  private void take(KafkaTopic topic, String key, @Nullable MessageLite value) {
    take(topic, 0, 0, key, value);
  }

  private void take(
      KafkaTopic topic, int partition, long offset, String key, @Nullable MessageLite value) {
    try {
      copy.take(
          new ConsumerRecord<>(
              topic.topicName(),
              partition,
              offset,
              key,
              value == null ? null : value.toByteArray()));
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }

  private static RolloutSnapshot rollout(String id, long revision) {
    return RolloutSnapshot.newBuilder().setRollout(id).setRevision(revision).build();
  }

  private static List<String> rollouts(List<Entry> entries) {
    return entries.stream().map(entry -> entry.event().getRollout()).toList();
  }

  private static List<String> devices(List<Assigned> assigned) {
    return assigned.stream().map(Assigned::device).toList();
  }
}
