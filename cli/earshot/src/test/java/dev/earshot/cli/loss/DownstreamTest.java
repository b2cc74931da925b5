package dev.earshot.cli.loss;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class DownstreamTest {
  private static final String KEY = Numbered.id(0).toString();

  private final List<Numbered> sent = new ArrayList<>();

  DownstreamTest() {
    DeviceJournal journal = new DeviceJournal(0, new SplittableRandom(1));
    while (sent.isEmpty() || sent.getLast().boot() < 3) {
      sent.add(journal.next());
    }
  }

  @Test
  void copiesOfMessages_areCountedOnce_byAllServices() {
    try (Downstream downstream = new Downstream()) {
      for (int i = 0; i < sent.size(); i++) {
        downstream.offer(KEY, sent.get(i).payload(), true);
        if (i % 16 == 15) {
          // A window that is sent again, as after a connection that was lost.
          for (Numbered again : sent.subList(i - 15, i + 1)) {
            downstream.offer(KEY, again.payload(), false);
          }
        }
      }
      assertEquals(List.of(), downstream.differences());
    }
  }

  @Test
  void messageThatServicesDoNotSee_isADifference() {
    try (Downstream downstream = new Downstream()) {
      // Shown to them once, and expected twice: as if they had missed one.
      downstream.offer(KEY, sent.getFirst().payload(), true);
      downstream.offer(KEY, sent.getFirst().payload(), true);
      List<String> differences = downstream.differences();
      assertTrue(
          differences.contains("monitoring counts 1 heartbeats (expected: 2)"),
          differences::toString);
      assertTrue(
          differences.stream().anyMatch(each -> each.startsWith("rollout evidence counts for")),
          differences::toString);
    }
  }
}
