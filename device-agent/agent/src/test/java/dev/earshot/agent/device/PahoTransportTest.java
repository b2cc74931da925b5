package dev.earshot.agent.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PahoTransportTest {
  @ParameterizedTest
  @CsvSource({
    "1, 1000",
    "2, 2000",
    "5, 16000",
    "6, 32000",
    "7, 60000",
    "11, 60000",
    "1000000, 60000"
  })
  void delay_isBetweenHalfTheBoundAndTheBound(int failures, long boundMillis) {
    SplittableRandom random = new SplittableRandom(7);
    long[] delays =
        LongStream.range(0, 2000)
            .map(i -> PahoTransport.delayMillis(failures, random))
            .sorted()
            .toArray();
    assertTrue(delays[0] >= boundMillis / 2, "shortest " + delays[0]);
    assertTrue(delays[1999] <= boundMillis, "longest " + delays[1999]);
    assertTrue(delays[1999] - delays[0] > boundMillis * 0.45, "spread over the whole range");
  }

  @Test
  void delays_areSpreadEvenly() {
    SplittableRandom random = new SplittableRandom(7);
    double mean =
        LongStream.range(0, 4000)
            .map(i -> PahoTransport.delayMillis(7, random))
            .average()
            .orElseThrow();
    assertEquals(45_000, mean, 500);
  }
}
