package dev.earshot.rollout.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.earshot.protocol.v1.DeviceRecord;
import dev.earshot.rollout.assignment.Directives;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class DeviceWalkTest {
  private static final int DEVICES = 200;

  private final List<String> seen = new ArrayList<>();
  private final KeyValueStore<String, DeviceRecord> store =
      Stores.keyValueStoreBuilder(
              Stores.inMemoryKeyValueStore("devices"),
              Serdes.String(),
              ProtoSerde.of(DeviceRecord.parser()))
          .withLoggingDisabled()
          .build();

  @BeforeEach
  void fill() {
    store.init(new MockProcessorContext<Void, Void>().getStateStoreContext(), store);
    for (int i = 0; i < DEVICES; i++) {
      store.put(id(i), record(0));
    }
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void slices_seeEveryDeviceOnceInTheStoresOrder() {
    DeviceWalk walk = new DeviceWalk(Directives.NONE, 0, Instant.EPOCH);
    int slices = 1;
    while (!advance(walk, false)) {
      slices++;
    }
    assertEquals(IntStream.range(0, DEVICES).mapToObj(i -> id(i) + " 0").toList(), seen);
    assertEquals(4, slices, "of 64 devices each");
    assertEquals(DEVICES, walk.visited());
  }

  @Test
  void recordThatChangesAheadOfTheWalk_isSeenAsItIsThen() {
    DeviceWalk walk = new DeviceWalk(Directives.NONE, 0, Instant.EPOCH);
    assertFalse(advance(walk, false));
    store.put(id(0), record(7));
    store.put(id(DEVICES - 1), record(7));
    assertTrue(advance(walk, true));
    assertEquals(id(0) + " 0", seen.getFirst());
    assertEquals(id(DEVICES - 1) + " 7", seen.getLast());
    assertEquals(DEVICES, seen.size(), "nobody is seen twice");
  }

  @Test
  void deviceAtWhichTheWalkStopped_mayBeGoneWhenItGoesOn() {
    DeviceWalk walk = new DeviceWalk(Directives.NONE, 0, Instant.EPOCH);
    assertFalse(advance(walk, false));
    store.delete(id(63));
    assertTrue(advance(walk, true));
    assertEquals(DEVICES, seen.size());
  }

  private boolean advance(DeviceWalk walk, boolean goesOn) {
    return walk.advance(
        store, (id, device) -> seen.add(id + " " + device.getHeardAtMs()), () -> goesOn);
  }

  private static String id(int number) {
    return "test/device-%03d".formatted(number);
  }

  private static DeviceRecord record(long heardAt) {
    return DeviceRecord.newBuilder().setHeardAtMs(heardAt).build();
  }
}
