package dev.earshot.agent.update;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.earshot.agent.update.UpdateState.Committing;
import dev.earshot.agent.update.UpdateState.Idle;
import dev.earshot.agent.update.UpdateState.RollingBack;
import dev.earshot.agent.update.UpdateState.Trial;
import dev.earshot.agent.update.UpdateState.Verifying;
import dev.earshot.protocol.v1.Slot;
import dev.earshot.protocol.v1.UpdateResult;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UpdateMachineTest {
  private static final String REFUSED = "-";

  /** Columns of the table below. */
  private static final List<String> EVENTS =
      List.of(
          "INSTALL",
          "REVERT",
          "CANCEL",
          "DOWNLOADED",
          "VERIFIED",
          "TESTED",
          "SWAPPED",
          "PASSED",
          "COMMITTED",
          "ROLLED_BACK",
          "REJECTED",
          "FAILED",
          "BOOTED",
          "DEFERRED",
          "READY",
          "BY_HAND");

  /** For each state, where each event leads; "-" is refused. Columns as in {@link #EVENTS}. */
  private static final Map<String, String> TABLE = new LinkedHashMap<>();

  static {
    //                         install     revert      cancel downl.    verified   tested  swapped
    // passed    committ. rolledB. rejected failed     booted       deferred ready by_hand
    TABLE.put(
        "Idle",
        "Downloading Idle        -      -         -          -        -       -          -        -        -        -           Idle   -        -     -");
    TABLE.put(
        "Downloading",
        "Downloading Idle        Idle   Verifying -          -        -       -          -        -        Idle     Idle        Downloading   Waiting  -     Idle");
    TABLE.put(
        "Waiting",
        "Downloading Idle        Idle   -         -          -        -       -          -        -        -        Idle        Waiting   Waiting Downloading Idle");
    TABLE.put(
        "WaitingToSwap",
        "Downloading Idle        Idle   -         -          -        -       -          -        -        -        Idle        Waiting   Waiting Swapping Idle");
    TABLE.put(
        "Verifying",
        "Downloading Idle        Idle   -         Installing -        -       -          -        -        Idle     Idle        Verifying   -        -     Idle");
    TABLE.put(
        "InPlace",
        "Downloading Idle        Idle   -         Installing -        -       -          -        -        Downloading Downloading Verifying   -        -     Idle");
    TABLE.put(
        "Installing",
        "Downloading Idle        Idle   -         -          Swapping -       -          -        -        Idle     Idle        Installing   -        -     Idle");
    TABLE.put(
        "Swapping",
        "-           -           -      -         -          -        Trial   -          -        -        -        Idle        Swapping   Waiting  -     -");
    TABLE.put(
        "Trial",
        "-           RollingBack -      -         -          -        -       Committing -        -        -        RollingBack Trial   -        -     RollingBack");
    TABLE.put(
        "Committing",
        "-           -           -      -         -          -        -       -          Idle     -        -        -           Committing   -        -     -");
    TABLE.put(
        "RollingBack",
        "-           -           -      -         -          -        -       -          -        Idle     -        -           RollingBack   -        -     -");
  }

  @TestFactory
  Stream<DynamicTest> everyEventInEveryState_leadsWhereTheTableSays() {
    List<DynamicTest> cases = new ArrayList<>();
    TABLE.forEach(
        (state, row) -> {
          List<String> targets = Stream.of(row.split(" +", -1)).toList();
          assertEquals(EVENTS.size(), targets.size(), state);
          for (int i = 0; i < targets.size(); i++) {
            String event = EVENTS.get(i);
            String target = targets.get(i);
            cases.add(
                DynamicTest.dynamicTest(
                    state + " on " + event + " -> " + target,
                    () -> assertEquals(target, target(MachineFixtures.in(state), event))));
          }
        });
    return cases.stream();
  }

  private static String target(DeviceRecord record, String event) {
    return switch (UpdateMachine.apply(record, MachineFixtures.event(event))) {
      case Step.Refused refused -> REFUSED;
      case Step.Moved moved -> {
        MachineFixtures.requireSafe(moved.next());
        yield moved.next().state().getClass().getSimpleName();
      }
    };
  }

  @Test
  void restart_hasOneContinuationForEachState() {
    assertEquals(List.of("Use"), continuation("Idle"));
    assertEquals(List.of("Use", "Download"), continuation("Downloading"));
    assertEquals(List.of("Use", "Await"), continuation("Waiting"));
    assertEquals(List.of("Use", "Await"), continuation("WaitingToSwap"));
    assertEquals(List.of("Use", "Verify"), continuation("Verifying"));
    assertEquals(List.of("Use", "SelfTest"), continuation("Installing"));
    assertEquals(List.of("Use", "Swap"), continuation("Swapping"));
    assertEquals(List.of("Use", "BeginTrial"), continuation("Trial"));
    assertEquals(List.of("Use", "Commit"), continuation("Committing"));
    assertEquals(List.of("RollBack"), continuation("RollingBack"));
  }

  private static List<String> continuation(String state) {
    Step step = UpdateMachine.apply(MachineFixtures.in(state), new UpdateEvent.Booted());
    return assertInstanceOf(Step.Moved.class, step).effects().stream()
        .map(effect -> effect.getClass().getSimpleName())
        .toList();
  }

  @Test
  void restartLoops_endInEveryState() {
    for (String state : TABLE.keySet()) {
      DeviceRecord record = MachineFixtures.in(state);
      int boots = 0;
      while (!(record.state() instanceof Idle
          || record.state() instanceof Committing
          || record.state() instanceof UpdateState.Waiting // ends by time
          || record.state() instanceof RollingBack)) {
        record = moved(record, new UpdateEvent.Booted());
        boots++;
        assertTrue(boots <= UpdateMachine.MAX_BOOTS + 1, state + " loops");
      }
    }
  }

  @Test
  void everyRefusal_saysWhyAndWhere() {
    Step step = UpdateMachine.apply(MachineFixtures.in("Idle"), new UpdateEvent.Swapped());
    assertEquals(
        "'swapped' has no place here (state Idle)",
        assertInstanceOf(Step.Refused.class, step).reason());
  }

  @Test
  void failureInTheTrial_namesTheOldSlotBeforeAnythingIsDone() {
    DeviceRecord trial = MachineFixtures.in("Trial");
    assertEquals(Slot.SLOT_B, trial.active());
    DeviceRecord back =
        moved(trial, new UpdateEvent.Failed(UpdateResult.UPDATE_FAILED, "watchdog"));
    assertEquals(Slot.SLOT_A, back.active());
    DeviceRecord idle = moved(back, new UpdateEvent.RolledBack());
    assertEquals("watchdog", Objects.requireNonNull(idle.report()).text());
    assertEquals(1, idle.floor("hey-nova"), "what was only tried does not raise the floor");
  }

  @Test
  void commitOfARevert_lowersTheFloorButNotTheHighestCounter() {
    DeviceRecord record = MachineFixtures.in("Committing");
    DeviceRecord committed = moved(record, new UpdateEvent.Committed());
    assertEquals(2, committed.floor("hey-nova"));

    DeviceRecord reverting = moved(committed, new UpdateEvent.Ordered(MachineFixtures.REVERT));
    assertInstanceOf(Verifying.class, reverting.state());
    DeviceRecord reverted = reverting;
    for (UpdateEvent event :
        List.of(
            new UpdateEvent.Verified(MachineFixtures.OLD),
            new UpdateEvent.SelfTestPassed(),
            new UpdateEvent.Swapped(),
            new UpdateEvent.Committed())) {
      reverted = moved(reverted, event);
    }
    assertEquals(1, reverted.floor("hey-nova"));
    assertEquals(2, reverted.highestCounter());
    assertEquals(Slot.SLOT_A, reverted.active());
  }

  @Test
  void everyState_survivesItsEncoding() throws IOException {
    for (String state : TABLE.keySet()) {
      DeviceRecord record = MachineFixtures.in(state);
      assertEquals(record, RecordCodec.decode(RecordCodec.encode(record)), state);
    }
  }

  @Test
  void damagedActiveSlot_isLeftForTheOtherInEveryStateThatHasOne() {
    DeviceRecord trial =
        moved(
            MachineFixtures.in("Trial"), new UpdateEvent.SlotDamaged(Slot.SLOT_B, "bits flipped"));
    assertInstanceOf(RollingBack.class, trial.state());
    assertEquals(Slot.SLOT_A, trial.active());

    DeviceRecord rolling =
        moved(
            MachineFixtures.in("RollingBack"),
            new UpdateEvent.SlotDamaged(Slot.SLOT_A, "bits flipped"));
    assertInstanceOf(Idle.class, rolling.state());
    assertEquals(Slot.SLOT_B, rolling.active(), "better the new model than none");
    assertEquals(
        "the old release can't come back: bits flipped",
        Objects.requireNonNull(rolling.report()).text());
  }

  @ParameterizedTest
  @ValueSource(strings = {"Swapping", "WaitingToSwap"})
  void damagedActiveSlotBeforeTheSwap_letsTheNewModelListenAtOnce(String state) {
    Step.Moved step =
        assertInstanceOf(
            Step.Moved.class,
            UpdateMachine.apply(
                MachineFixtures.in(state), new UpdateEvent.SlotDamaged(Slot.SLOT_A, "bits")));
    assertInstanceOf(Trial.class, step.next().state());
    assertEquals(Slot.SLOT_B, step.next().active());
    assertEquals(new Effect.Use(Slot.SLOT_B), step.effects().getFirst());
  }

  @Test
  void damagedActiveSlotBeforeTheSelfTest_letsTheNewModelListenOnceItPassed() {
    DeviceRecord deaf =
        moved(MachineFixtures.in("Installing"), new UpdateEvent.SlotDamaged(Slot.SLOT_A, "bits"));
    DeviceRecord tested = moved(deaf, new UpdateEvent.SelfTestPassed());
    assertInstanceOf(Trial.class, tested.state());
    assertEquals(Slot.SLOT_B, tested.active());
  }

  @Test
  void damagedActiveSlotBeforeARevertsSwap_letsItsReleaseListenAtOnce() {
    DeviceRecord byHand =
        moved(
            MachineFixtures.in("InPlace").withState(new Idle()),
            new UpdateEvent.RevertedByHand("hand-1-0", "button"));
    DeviceRecord next = moved(byHand, new UpdateEvent.SlotDamaged(Slot.SLOT_A, "bits"));
    assertInstanceOf(Committing.class, next.state());
    assertEquals(Slot.SLOT_B, next.active());
  }

  @Test
  void lastFinishedCommands_areRemembered() {
    DeviceRecord record = MachineFixtures.in("Idle");
    for (int i = 0; i < 20; i++) {
      record =
          moved(
              record,
              new UpdateEvent.Declined(
                  new Report(
                      "c" + i,
                      "r",
                      "",
                      dev.earshot.protocol.v1.UpdateState.REJECTED,
                      UpdateResult.UPDATE_FAILED,
                      "no")));
    }
    assertEquals(8, record.finished().size());
    assertTrue(record.knows("c19") && record.knows("c12") && !record.knows("c11"));
  }

  private static DeviceRecord moved(DeviceRecord record, UpdateEvent event) {
    return assertInstanceOf(Step.Moved.class, UpdateMachine.apply(record, event)).next();
  }
}
