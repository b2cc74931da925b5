package dev.earshot.trainer.work;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class WorkersTest {
  @Test
  void items_arriveInOrder_whateverTheThreads() {
    try (Workers workers = new Workers(3)) {
      List<Integer> taken = new ArrayList<>();
      workers.run(100, Object::new, (number, tool) -> number * number, taken::add);

      assertEquals(IntStream.range(0, 100).map(i -> i * i).boxed().toList(), taken);
    }
  }

  @Test
  void failure_reachesTheCaller() {
    try (Workers workers = new Workers(2)) {
      IllegalStateException failed =
          assertThrows(
              IllegalStateException.class,
              () ->
                  workers.run(
                      10,
                      Object::new,
                      (number, tool) -> {
                        if (number == 4) {
                          throw new IllegalStateException("no voice");
                        }
                        return number;
                      },
                      item -> {}));
      assertEquals("no voice", failed.getMessage());
    }
  }

  @Test
  void progress_tellsEachTenthAndTheTimeLeft() {
    StringWriter text = new StringWriter();
    AtomicLong millis = new AtomicLong();
    Progress progress =
        new Progress(
            new PrintWriter(text), () -> Instant.ofEpochMilli(millis.get()), "listen: car", 100);

    for (int i = 0; i < 100; i++) {
      millis.addAndGet(2000);
      progress.step();
    }

    List<String> lines = text.toString().lines().toList();
    assertEquals(10, lines.size());
    assertEquals("listen: car                   10 %  left 3 min 0 s", lines.getFirst());
    assertTrue(lines.getLast().endsWith("100 %  took 3 min 20 s"), lines.getLast());
  }
}
