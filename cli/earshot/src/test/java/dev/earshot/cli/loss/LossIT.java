package dev.earshot.cli.loss;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The short form of {@code earshot bench loss}: gateway and broker as processes, with seeds that
 * bring much into little time.
 */
@Timeout(240)
class LossIT {
  private final Queue<String> log = new ConcurrentLinkedQueue<>();

  @Test
  void everythingGoesWrong_nothingAcknowledgedIsLost(@TempDir Path folder)
      throws IOException, InterruptedException {
    LossReport report =
        new LossRun(136, Duration.ofSeconds(20), 40, EnumSet.allOf(FaultKind.class))
            .run(folder, log::add);

    assertEquals(List.of(), report.failures(), () -> told(report));
    // How many of these Kafka has twice is the moment's; that they are counted once is
    // DownstreamTest's.
    assertTrue(report.traffic().repeated() > 0, () -> told(report));
    // As many as the machine is fast enough for; the first comes on any.
    assertTrue(report.faults().containsKey(FaultKind.GATEWAY_KILL), () -> told(report));
  }

  @Test
  void diskOfTheBrokerFills_nothingAcknowledgedIsLost(@TempDir Path folder)
      throws IOException, InterruptedException {
    LossReport report =
        new LossRun(7, Duration.ofSeconds(8), 20, EnumSet.of(FaultKind.BROKER_DISK_FULL))
            .run(folder, log::add);

    assertEquals(List.of(), report.failures(), () -> told(report));
    assertEquals(Set.of(FaultKind.BROKER_DISK_FULL), report.faults().keySet());
  }

  @Test
  void gatewayThatAcknowledgesBeforeKafkaHasIt_isCaught(@TempDir Path folder)
      throws IOException, InterruptedException {
    LossReport report =
        new LossRun(
                9,
                Duration.ofSeconds(8),
                20,
                EnumSet.of(FaultKind.GATEWAY_KILL),
                LyingGateway.class.getName())
            .run(folder, log::add);

    assertFalse(report.findings().lost().isEmpty(), () -> told(report));
    assertTrue(report.failures().getFirst().startsWith("lost though acknowledged: "));
  }

  private String told(LossReport report) {
    return String.join("\n", log)
        + "\n"
        + String.join("\n", report.lines())
        + "\n"
        + String.join("\n", report.failures());
  }
}
