package dev.earshot.rollout.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.earshot.protocol.v1.RolloutPhase;
import dev.earshot.protocol.v1.RolloutSnapshot;
import dev.earshot.rollout.plan.PlanFormat;
import dev.earshot.rollout.stream.DirectiveView.Change;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.junit.jupiter.api.Test;

final class DirectiveViewTest {
  private static final String PLAN =
      PlanFormat.write(
              PlanFormat.read("release: hey-nova:1.1.0\ncohort: device.chip == \"ndp120\"\n"))
          .toString();

  private final KeyValueStore<String, byte[]> store = store();
  private final DirectiveView view = new DirectiveView(store);

  @Test
  void newRollout_isADecision() {
    publish(1, 0, 0);
    assertEquals(Change.DECISION, view.refresh());
    assertNotNull(view.directives().find("r1"));
    assertEquals(Change.NOTHING, view.refresh());
  }

  @Test
  void newRevision_isADecision() {
    publish(1, 0, 0);
    view.refresh();
    publish(2, 0.5, 3);
    assertEquals(Change.DECISION, view.refresh());
  }

  @Test
  void openedPace_isToldFromProgress() {
    publish(1, 0, 0);
    view.refresh();
    publish(1, 0, 1);
    assertEquals(Change.PROGRESS, view.refresh());
    publish(1, 0.5, 2);
    assertEquals(Change.PACE, view.refresh());
  }

  @Test
  void removedRollout_isADecisionAndForgotten() {
    publish(1, 0, 0);
    view.refresh();
    store.delete("r1");
    assertEquals(Change.DECISION, view.refresh());
    assertNull(view.directives().find("r1"));
    publish(1, 0, 0);
    assertEquals(Change.DECISION, view.refresh(), "it is a new one when it comes back");
  }

  @Test
  void damagedSnapshot_leavesTheOthersAlone() {
    store.put("r0", new byte[] {1, 2, 3});
    publish(1, 0, 0);
    assertEquals(Change.DECISION, view.refresh());
    assertNull(view.directives().find("r0"));
    assertNotNull(view.directives().find("r1"));
  }

  private void publish(long revision, double released, int ratesVersion) {
    store.put(
        "r1",
        RolloutSnapshot.newBuilder()
            .setRollout("r1")
            .setRevision(revision)
            .setPlan(PLAN)
            .setReleased(released)
            .setRatesVersion(ratesVersion)
            .setPhase(RolloutPhase.newBuilder().setWord(RolloutPhase.Word.RUNNING).setStage(1))
            .build()
            .toByteArray());
  }

  private static KeyValueStore<String, byte[]> store() {
    KeyValueStore<String, byte[]> store =
        Stores.keyValueStoreBuilder(
                Stores.inMemoryKeyValueStore("rollouts"), Serdes.String(), Serdes.ByteArray())
            .withLoggingDisabled()
            .build();
    store.init(new MockProcessorContext<Void, Void>().getStateStoreContext(), store);
    return store;
  }
}
