package dev.earshot.simulator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ShardTest {
  @Property
  void sharesOfAFleet_haveEveryDeviceOnce(
      @ForAll @IntRange(min = 1, max = 500) int devices,
      @ForAll @IntRange(min = 1, max = 40) int of) {
    int[] all =
        IntStream.range(0, of)
            .flatMap(number -> new Shard(number, of).indices(devices))
            .sorted()
            .toArray();
    assertEquals(IntStream.range(0, devices).boxed().toList(), IntStream.of(all).boxed().toList());
    for (int number = 0; number < of; number++) {
      Shard shard = new Shard(number, of);
      assertEquals(shard.indices(devices).count(), shard.count(devices));
    }
  }

  @Test
  void text_isReadBack_andNonsenseRefused() {
    assertEquals(new Shard(2, 4), Shard.parse(new Shard(2, 4).toString()));
    for (String wrong : new String[] {"4/4", "-1/4", "1", "a/b", "1/2/3"}) {
      assertThrows(IllegalArgumentException.class, () -> Shard.parse(wrong), wrong);
    }
  }
}
