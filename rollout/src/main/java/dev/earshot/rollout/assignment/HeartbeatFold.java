package dev.earshot.rollout.assignment;

import dev.earshot.protocol.delivery.DeliveryWindow;
import dev.earshot.protocol.v1.DeliveryWindowMessage;
import dev.earshot.protocol.v1.DeviceRecord;
import dev.earshot.protocol.v1.Enrolment;
import dev.earshot.protocol.v1.EnvironmentCounts;
import dev.earshot.protocol.v1.Heartbeat;
import dev.earshot.protocol.v1.ReleaseHistory;
import java.time.Instant;
import java.util.List;

/**
 * Folds heartbeats into a device's record, each interval exactly once.
 *
 * <p>An interval began {@code interval_ms} before the gateway received it. It is evidence of the
 * stage in which it <em>began</em> after the device's clock had started; an interval that began
 * before the first (real or sham) offer is history. The rule looks at the heartbeat and the
 * device's clocks only, so the order of arrival does not matter, and it is the same for both arms.
 * What happened counts for the arm that the device was drawn into, whichever release it ran
 * (intention to treat).
 */
public final class HeartbeatFold {
  private HeartbeatFold() {}

  /** The record after, and whether the interval was counted. */
  public record Folded(DeviceRecord device, DeliveryWindow.Verdict verdict) {}

  /**
   * Folds one heartbeat.
   *
   * @param receivedAt when the gateway received it, fleet time
   */
  public static Folded fold(DeviceRecord device, Heartbeat heartbeat, Instant receivedAt) {
    DeliveryWindow.Outcome outcome =
        window(device).offer(heartbeat.getBootId(), heartbeat.getSequence());
    DeviceRecord.Builder to =
        device.toBuilder()
            .setWindow(message(outcome.window()))
            .setHeardAtMs(Math.max(device.getHeardAtMs(), receivedAt.toEpochMilli()));
    return switch (outcome.verdict()) {
      case DUPLICATE, TOO_OLD -> new Folded(to.build(), outcome.verdict());
      case FIRST -> {
        count(to, heartbeat, receivedAt);
        yield new Folded(to.build(), outcome.verdict());
      }
    };
  }

  private static void count(DeviceRecord.Builder to, Heartbeat heartbeat, Instant receivedAt) {
    EnvironmentCounts counts = EnvironmentSums.of(heartbeat);
    List<ReleaseHistory> histories =
        Histories.add(to.getHistoriesList(), heartbeat.getRelease(), counts, receivedAt);
    to.clearHistories().addAllHistories(histories);
    if (!to.hasEnrolment() || to.getEnrolment().getClosed()) {
      return;
    }
    FirstMoments.Interval interval =
        new FirstMoments.Interval(
            receivedAt.toEpochMilli() - Integer.toUnsignedLong(heartbeat.getIntervalMs()),
            receivedAt.toEpochMilli());
    to.setEnrolment(counted(to.getEnrolment(), heartbeat, counts, interval));
  }

  private static Enrolment counted(
      Enrolment enrolment,
      Heartbeat heartbeat,
      EnvironmentCounts counts,
      FirstMoments.Interval interval) {
    Enrolment.Builder to = enrolment.toBuilder();
    for (int i = enrolment.getBlocksCount() - 1; i >= 0; i--) {
      Enrolment.Block block = enrolment.getBlocks(i);
      if (interval.fromMs() >= block.getEnteredAtMs()) {
        Enrolment.Block.Builder sum =
            block.toBuilder()
                .clearCounts()
                .addAllCounts(EnvironmentSums.add(block.getCountsList(), counts));
        return to.setBlocks(i, FirstMoments.note(sum, heartbeat, counts, interval)).build();
      }
    }
    if (!heartbeat.getRelease().equals(enrolment.getPreviousRelease())) {
      return enrolment;
    }
    List<EnvironmentCounts> prior = EnvironmentSums.add(enrolment.getPriorList(), counts);
    return to.clearPrior().addAllPrior(prior).build();
  }

  private static DeliveryWindow window(DeviceRecord device) {
    if (!device.hasWindow()) {
      return DeliveryWindow.EMPTY;
    }
    DeliveryWindowMessage window = device.getWindow();
    return new DeliveryWindow(
        window.getBoot(),
        window.getHighest(),
        window.getBitmap(),
        window.getPreviousBoot(),
        window.getPreviousHighest(),
        window.getPreviousBitmap());
  }

  private static DeliveryWindowMessage message(DeliveryWindow window) {
    return DeliveryWindowMessage.newBuilder()
        .setBoot(window.boot())
        .setHighest(window.highest())
        .setBitmap(window.bitmap())
        .setPreviousBoot(window.previousBoot())
        .setPreviousHighest(window.previousHighest())
        .setPreviousBitmap(window.previousBitmap())
        .build();
  }
}
