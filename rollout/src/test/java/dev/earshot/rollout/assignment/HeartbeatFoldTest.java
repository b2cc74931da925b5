package dev.earshot.rollout.assignment;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.earshot.protocol.v1.DeviceRecord;
import dev.earshot.protocol.v1.Enrolment;
import dev.earshot.protocol.v1.Environment;
import dev.earshot.protocol.v1.EnvironmentCounts;
import dev.earshot.protocol.v1.Heartbeat;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

final class HeartbeatFoldTest {
  private static final Instant OFFER = Instant.parse("2026-01-05T12:00:00Z");
  private static final Instant SECOND_STAGE = OFFER.plus(Duration.ofHours(6));
  private static final Duration INTERVAL = Duration.ofMinutes(15);
  private static final DeviceRecord ENROLLED =
      DeviceRecord.newBuilder()
          .setEnrolment(
              Enrolment.newBuilder()
                  .setRollout("r1")
                  .setPreviousRelease("hey-nova:1.0.0")
                  .addBlocks(
                      Enrolment.Block.newBuilder().setStage(1).setEnteredAtMs(OFFER.toEpochMilli()))
                  .addBlocks(
                      Enrolment.Block.newBuilder()
                          .setStage(2)
                          .setEnteredAtMs(SECOND_STAGE.toEpochMilli())))
          .build();

  private record Arrival(Heartbeat heartbeat, Instant received) {}

  @Test
  void interval_countsInTheStageInWhichItBegan() {
    Enrolment before = fold(OFFER.plus(INTERVAL).minusMillis(1));
    assertEquals(1, falseAccepts(before.getPriorList()), "began before the offer: history");
    Enrolment first = fold(OFFER.plus(INTERVAL));
    assertEquals(1, falseAccepts(first.getBlocks(0).getCountsList()));
    Enrolment second = fold(SECOND_STAGE.plus(INTERVAL));
    assertEquals(1, falseAccepts(second.getBlocks(1).getCountsList()));
    assertEquals(0, falseAccepts(second.getPriorList()));
  }

  @Property(tries = 200)
  void duplicatedAndShuffledReports_giveTheSameSums(@ForAll long seed) {
    Random random = new Random(seed);
    List<Arrival> inOrder = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      Instant received = OFFER.minus(Duration.ofHours(3)).plus(INTERVAL.multipliedBy(i));
      inOrder.add(new Arrival(heartbeat(i, random.nextInt(4)), received));
    }
    List<Arrival> wild = new ArrayList<>(inOrder);
    wild.addAll(inOrder.subList(10, 30));
    Collections.shuffle(wild, random);
    assertEquals(sums(inOrder), sums(wild));
    int all = inOrder.stream().mapToInt(arrival -> arrival.heartbeat().getFalseAccepts()).sum();
    assertEquals(all, sums(wild).getLast(), "history holds everything, whatever the rollout");
  }

  private static List<Integer> sums(List<Arrival> arrivals) {
    DeviceRecord device = ENROLLED;
    for (Arrival arrival : arrivals) {
      device = HeartbeatFold.fold(device, arrival.heartbeat(), arrival.received()).device();
    }
    Enrolment enrolment = device.getEnrolment();
    return List.of(
        falseAccepts(enrolment.getPriorList()),
        falseAccepts(enrolment.getBlocks(0).getCountsList()),
        falseAccepts(enrolment.getBlocks(1).getCountsList()),
        falseAccepts(device.getHistories(0).getCurrentList()));
  }

  private static Enrolment fold(Instant received) {
    return HeartbeatFold.fold(ENROLLED, heartbeat(0, 1), received).device().getEnrolment();
  }

  private static Heartbeat heartbeat(int sequence, int falseAccepts) {
    return Heartbeat.newBuilder()
        .setBootId(1)
        .setSequence(sequence)
        .setIntervalMs((int) INTERVAL.toMillis())
        .setRelease("hey-nova:1.0.0")
        .setEnvironment(Environment.CAR)
        .setListeningMs((int) INTERVAL.toMillis())
        .setFalseAccepts(falseAccepts)
        .build();
  }

  private static int falseAccepts(List<EnvironmentCounts> counts) {
    return (int) counts.stream().mapToLong(EnvironmentCounts::getFalseAccepts).sum();
  }
}
