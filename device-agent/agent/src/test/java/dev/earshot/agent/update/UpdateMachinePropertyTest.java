package dev.earshot.agent.update;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.earshot.protocol.v1.UpdateResult;
import java.io.IOException;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tuple;

/** What holds after any sequence of events, legal or not, with restarts anywhere between them. */
class UpdateMachinePropertyTest {
  private static final List<Content> RELEASES =
      List.of(MachineFixtures.OLD, MachineFixtures.NEW, MachineFixtures.NEWER);

  @Property(tries = 2000, seed = "20261122", shrinking = ShrinkingMode.BOUNDED)
  void anyInterleaving_leavesABootableDeviceThatCanFinish(
      @ForAll("sequences") List<UpdateEvent> events) {
    DeviceRecord record = DeviceRecord.factory(MachineFixtures.OLD);
    for (UpdateEvent event : events) {
      record = apply(record, event);
      MachineFixtures.requireSafe(record);
    }
    assertInstanceOf(UpdateState.Idle.class, finish(record).state());
  }

  @Property(tries = 500, seed = "20261122")
  void recordAfterAnyInterleaving_survivesItsEncoding(@ForAll("sequences") List<UpdateEvent> events)
      throws IOException {
    DeviceRecord record = DeviceRecord.factory(MachineFixtures.OLD);
    for (UpdateEvent event : events) {
      record = apply(record, event);
    }
    assertEquals(record, RecordCodec.decode(RecordCodec.encode(record)));
  }

  /**
   * An event that the agent could not cause in this state is as good a test as one that it could.
   */
  private static DeviceRecord apply(DeviceRecord record, UpdateEvent event) {
    return switch (UpdateMachine.apply(record, event)) {
      case Step.Moved moved -> moved.next();
      case Step.Refused refused -> record;
    };
  }

  /** From wherever it is, with a world that works, the update comes to an end. */
  private static DeviceRecord finish(DeviceRecord from) {
    DeviceRecord record = from;
    for (int steps = 0; !(record.state() instanceof UpdateState.Idle); steps++) {
      assertTrue(steps < 10, "stuck in " + record.state());
      UpdateEvent next =
          switch (record.state()) {
            case UpdateState.Idle idle -> new UpdateEvent.Booted();
            case UpdateState.Downloading downloading -> new UpdateEvent.Downloaded();
            case UpdateState.Waiting waiting -> new UpdateEvent.Ready();
            case UpdateState.Verifying verifying ->
                new UpdateEvent.Verified(release(verifying.job()));
            case UpdateState.Installing installing -> new UpdateEvent.SelfTestPassed();
            case UpdateState.Swapping swapping -> new UpdateEvent.Swapped();
            case UpdateState.Trial trial -> new UpdateEvent.TrialPassed();
            case UpdateState.Committing committing -> new UpdateEvent.Committed();
            case UpdateState.RollingBack rolling -> new UpdateEvent.RolledBack();
          };
      record = assertInstanceOf(Step.Moved.class, UpdateMachine.apply(record, next)).next();
      MachineFixtures.requireSafe(record);
    }
    return record;
  }

  private static Content release(Job job) {
    return RELEASES.stream()
        .filter(content -> content.release().equals(job.release()))
        .findFirst()
        .orElseThrow();
  }

  @Provide
  Arbitrary<List<UpdateEvent>> sequences() {
    Arbitrary<Content> release = Arbitraries.of(RELEASES);
    Arbitrary<UpdateEvent> ordered =
        release.flatMap(
            content ->
                Arbitraries.of(true, false)
                    .flatMap(
                        revert ->
                            Arbitraries.integers()
                                .between(1, 1000)
                                .map(
                                    id ->
                                        new UpdateEvent.Ordered(
                                            MachineFixtures.job("c" + id, content, revert)))));
    Arbitrary<UpdateEvent> verified = release.map(UpdateEvent.Verified::new);
    Arbitrary<UpdateEvent> plain =
        Arbitraries.of(
            new UpdateEvent.Downloaded(),
            new UpdateEvent.SelfTestPassed(),
            new UpdateEvent.Swapped(),
            new UpdateEvent.TrialPassed(),
            new UpdateEvent.Committed(),
            new UpdateEvent.RolledBack(),
            new UpdateEvent.Booted(),
            new UpdateEvent.Deferred("waits for the charger"),
            new UpdateEvent.Ready(),
            new UpdateEvent.Waited(40 * 3_600_000L),
            new UpdateEvent.RevertedByHand("hand-1-0", "button"),
            new UpdateEvent.Cancelled("c-cancel", "r-1", "operator"),
            new UpdateEvent.Rejected(UpdateResult.UNSUPPORTED_PACKAGE_TYPE, "wrong chip"),
            new UpdateEvent.Failed(UpdateResult.UPDATE_FAILED, "broken"));
    return Arbitraries.frequencyOf(Tuple.of(3, ordered), Tuple.of(3, verified), Tuple.of(10, plain))
        .list()
        .ofMaxSize(60);
  }
}
