package dev.earshot.agent;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.earshot.agent.outbox.TornMedium;
import dev.earshot.agent.port.Outbox;
import dev.earshot.protocol.delivery.DeliveryWindow;
import dev.earshot.protocol.v1.Heartbeat;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * Random lives of a device whose power fails at any write, whose connection comes and goes, whose
 * acknowledgements get lost and whose clock jumps. What the server counts, by the window that it
 * uses itself, is every heartbeat that was kept, once, except those that the device says it gave
 * up.
 */
class HeartbeatLivesTest {
  private static final int LIVES = 150;
  private static final int EVENTS = 40;
  private static final int CAPACITY = 5;
  private static final TestRelease RELEASE = TestRelease.of("hey-nova:1.0.0", 1);

  private final List<String> told = new ArrayList<>();

  /** An interval's name. */
  private record Interval(int boot, int sequence) {
    static Interval of(Heartbeat heartbeat) {
      return new Interval(heartbeat.getBootId(), heartbeat.getSequence());
    }
  }

  /** One device and all that is known about its heartbeats. */
  private static final class Life {
    final SplittableRandom random;
    final TornMedium medium;
    final TestDevice device;
    final Set<Interval> kept = new LinkedHashSet<>();
    final Set<Interval> givenUp = new LinkedHashSet<>();
    final boolean flashMayRefuse;
    final List<Heartbeat> drops = new ArrayList<>();

    Life(long seed, boolean flashMayRefuse) throws IOException {
      this.flashMayRefuse = flashMayRefuse;
      random = new SplittableRandom(seed);
      medium = new TornMedium(CAPACITY, random.split());
      device = new TestDevice(RELEASE);
      device.heartbeatCapacity = CAPACITY;
      device.outbox = () -> new Recording(medium.open());
      boot();
    }

    void boot() {
      medium.readOnly = false; // else the record can't be written either, and nothing starts
      device.powerCut();
      device.agent.onHeartbeatDropped(
          heartbeat -> {
            drops.add(heartbeat);
            givenUp.add(Interval.of(heartbeat));
          });
      device.on();
    }

    /** Notes what is durable. */
    private final class Recording implements Outbox {
      private final Outbox outbox;

      Recording(Outbox outbox) {
        this.outbox = outbox;
      }

      @Override
      public Held restore() {
        return outbox.restore();
      }

      @Override
      public void append(Entry entry, Line without, Line with) throws IOException {
        outbox.append(entry, without, with);
        try {
          kept.add(Interval.of(Heartbeat.parseFrom(entry.bytes())));
        } catch (InvalidProtocolBufferException e) {
          throw new AssertionError(e);
        }
      }

      @Override
      public void advance(Line line) throws IOException {
        outbox.advance(line);
      }
    }
  }

  @Test
  void anyLife_isCountedOnceAndItsGapsAreThoseThatItTellsOf() throws IOException {
    assertLives(false);
  }

  @Test
  void anyLifeWithAFlashThatRefusesAtTimes_isCountedOnceAndTellsOfEveryGap() throws IOException {
    assertLives(true);
  }

  private void assertLives(boolean flashMayRefuse) throws IOException {
    int missing = 0;
    int twice = 0;
    for (int seed = 0; seed < LIVES; seed++) {
      told.clear();
      Life life = new Life(seed, flashMayRefuse);
      try {
        live(life);
        missing += judge(life);
        twice += life.device.gateway.heartbeats.size() - counted(life).size();
      } catch (AssertionError e) {
        throw new AssertionError("life " + seed + ": " + told, e);
      }
    }
    assertTrue(missing > 100, "heartbeats were given up: " + missing);
    assertTrue(twice > 100, "heartbeats were sent twice: " + twice);
  }

  private void live(Life life) {
    for (int i = 0; i < EVENTS; i++) {
      try {
        happen(life);
      } catch (TornMedium.PowerCut expected) {
        // noticed below
      }
      if (life.medium.isOff()) {
        told.add("cut");
        life.medium.powerCut();
        life.boot();
      }
    }
    life.medium.powerCut();
    life.device.gateway.acknowledging = true;
    life.device.gateway.losesAcknowledgements = false;
    life.boot();
    life.device.pass(Duration.ofHours(1));
    assertTrue(life.device.agent.unsent().isEmpty(), "all is sent");
  }

  private void happen(Life life) {
    TestDevice device = life.device;
    int kind = life.random.nextInt(9);
    told.add(Integer.toString(kind));
    switch (kind) {
      case 0, 1 -> device.pass(Duration.ofMinutes(1 + life.random.nextInt(60)));
      case 2 -> device.pass(Duration.ofMinutes(life.random.nextInt(200)));
      case 3 -> {
        device.agent.onDisconnected();
        device.gateway.acknowledging = life.random.nextBoolean();
        device.gateway.losesAcknowledgements = life.random.nextInt(3) == 0;
      }
      case 4 -> device.agent.onConnected();
      case 5 -> life.medium.cutAtOperation(1 + life.random.nextInt(12));
      case 6 -> life.medium.readOnly = life.flashMayRefuse && life.random.nextInt(4) == 0;
      case 7 -> device.time.jump(Duration.ofDays(life.random.nextInt(40_000) - 20_000));
      default -> {
        life.medium.powerCut();
        life.boot();
      }
    }
    device.time.settle();
  }

  /** Returns how many are missing, rightly. */
  private static int judge(Life life) {
    Set<Interval> counted = counted(life);
    Set<Interval> missing = new LinkedHashSet<>(life.kept);
    missing.removeAll(counted);
    assertTrue(life.givenUp.containsAll(missing), "only what was given up is missing");
    int toldAsDropped = 0;
    Interval previous = new Interval(0, 0);
    Set<Interval> seen = new LinkedHashSet<>();
    for (Heartbeat heartbeat : life.device.gateway.heartbeats) {
      Interval interval = Interval.of(heartbeat);
      if (seen.add(interval)) {
        toldAsDropped += heartbeat.getDroppedHeartbeats();
        assertTrue(
            life.flashMayRefuse // then a power cut brings back what was given up
                || interval.boot() > previous.boot()
                || (interval.boot() == previous.boot()
                    && interval.sequence() >= previous.sequence()),
            interval + " after " + previous);
        previous = interval;
      }
    }
    assertTrue(
        toldAsDropped >= missing.size(), toldAsDropped + " told, " + missing.size() + " missing");
    if (!life.flashMayRefuse) {
      // What was given up while its acknowledgement was on its way, or was lost by the power cut,
      // has arrived and has told its own number.
      Set<Interval> gaps = new LinkedHashSet<>(life.givenUp);
      gaps.removeAll(counted);
      int most =
          gaps.size()
              + life.drops.stream()
                  .filter(drop -> counted.contains(Interval.of(drop)))
                  .mapToInt(drop -> 1 + drop.getDroppedHeartbeats())
                  .sum();
      assertTrue(toldAsDropped <= most, toldAsDropped + " told, at most " + most);
    }
    return missing.size();
  }

  /** By the window that the services count by. */
  private static Set<Interval> counted(Life life) {
    Set<Interval> counted = new LinkedHashSet<>();
    DeliveryWindow window = DeliveryWindow.EMPTY;
    for (Heartbeat heartbeat : life.device.gateway.heartbeats) {
      DeliveryWindow.Outcome outcome = window.offer(heartbeat.getBootId(), heartbeat.getSequence());
      window = outcome.window();
      if (outcome.verdict() == DeliveryWindow.Verdict.FIRST) {
        assertTrue(counted.add(Interval.of(heartbeat)), "counted twice: " + heartbeat);
      } else {
        assertTrue(
            counted.contains(Interval.of(heartbeat))
                || (life.flashMayRefuse && life.givenUp.contains(Interval.of(heartbeat))),
            "refused and never counted");
      }
    }
    return counted;
  }
}
