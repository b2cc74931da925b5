package dev.earshot.gateway.mqtt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BackpressureTest {
  private final List<String> woken = new ArrayList<>();

  @Test
  void limitOfMessagesReached_connectionParksUntilAQuarterIsFree() {
    Backpressure backpressure = new Backpressure(4, 1_000);
    for (int i = 0; i < 4; i++) {
      assertFalse(backpressure.isFull());
      backpressure.admit(1);
    }
    assertTrue(backpressure.isFull());
    backpressure.park(() -> woken.add("a"));
    assertEquals(1, backpressure.parkedConnections());
    assertEquals(List.of(), woken);
    backpressure.release(1, 1);
    assertEquals(List.of("a"), woken);
    assertEquals(0, backpressure.parkedConnections());
    assertEquals(3, backpressure.messagesInFlight());
  }

  @Test
  void limitOfBytesReached_connectionParksUntilAQuarterIsFree() {
    Backpressure backpressure = new Backpressure(100, 1_000);
    backpressure.admit(500);
    assertFalse(backpressure.isFull());
    backpressure.admit(600);
    assertTrue(backpressure.isFull());
    backpressure.park(() -> woken.add("a"));
    backpressure.release(1, 100);
    assertEquals(List.of(), woken);
    backpressure.release(1, 500);
    assertEquals(List.of("a"), woken);
    assertEquals(500, backpressure.bytesInFlight());
  }

  @Test
  void everythingReleasedBeforeParking_connectionIsNotForgotten() {
    Backpressure backpressure = new Backpressure(1, 1_000);
    backpressure.admit(1);
    assertTrue(backpressure.isFull());
    backpressure.release(1, 1);
    backpressure.park(() -> woken.add("a"));
    assertEquals(List.of("a"), woken);
  }
}
