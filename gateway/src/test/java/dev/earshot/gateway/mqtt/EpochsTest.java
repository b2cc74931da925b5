package dev.earshot.gateway.mqtt;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class EpochsTest {
  @Test
  void clockStandsOrGoesBack_epochsStillGrow() {
    AtomicReference<Instant> now = new AtomicReference<>(Instant.ofEpochSecond(1, 5_000));
    Epochs epochs = new Epochs(now::get);
    assertEquals(1_000_005, epochs.next());
    assertEquals(1_000_006, epochs.next());
    now.set(Instant.EPOCH);
    assertEquals(1_000_007, epochs.next());
    now.set(Instant.ofEpochSecond(2));
    assertEquals(2_000_000, epochs.next());
  }
}
