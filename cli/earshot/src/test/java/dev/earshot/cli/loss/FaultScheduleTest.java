package dev.earshot.cli.loss;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.earshot.cli.loss.FaultKind.Place;
import dev.earshot.cli.loss.FaultSchedule.Fault;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FaultScheduleTest {
  private static final Set<FaultKind> ALL = EnumSet.allOf(FaultKind.class);
  private static final Duration MINUTE = Duration.ofMinutes(1);

  @Test
  void sameSeed_drawsTheSame_andAnotherSeedAnother() {
    assertEquals(FaultSchedule.draw(5, MINUTE, ALL), FaultSchedule.draw(5, MINUTE, ALL));
    assertNotEquals(FaultSchedule.draw(5, MINUTE, ALL), FaultSchedule.draw(6, MINUTE, ALL));
  }

  @Test
  void longerRun_goesOnWhereTheShorterEnds() {
    FaultSchedule minute = FaultSchedule.draw(5, MINUTE, ALL);
    FaultSchedule hour = FaultSchedule.draw(5, Duration.ofHours(1), ALL);
    for (Place place : Place.values()) {
      List<Fault> shorter = minute.at(place);
      assertTrue(hour.at(place).size() > shorter.size());
      assertEquals(shorter, hour.at(place).subList(0, shorter.size()));
    }
  }

  @Test
  void everyKindOfAPlace_comesBeforeAnyComesAgain() {
    FaultSchedule hour = FaultSchedule.draw(5, Duration.ofHours(1), ALL);
    for (Place place : Place.values()) {
      Set<FaultKind> there = EnumSet.allOf(FaultKind.class);
      there.removeIf(kind -> kind.place() != place);
      Set<FaultKind> first = new HashSet<>();
      hour.at(place).subList(0, there.size()).forEach(fault -> first.add(fault.kind()));
      assertEquals(there, first);
    }
  }

  @Test
  void placesThatAreLeftOut_changeNothingElsewhere() {
    FaultSchedule all = FaultSchedule.draw(5, MINUTE, ALL);
    FaultSchedule broker =
        FaultSchedule.draw(
            5, MINUTE, EnumSet.range(FaultKind.BROKER_RESTART, FaultKind.BROKER_DISK_FULL));
    assertEquals(all.at(Place.BROKER), broker.at(Place.BROKER));
    assertEquals(List.of(), broker.at(Place.GATEWAY));
    assertEquals(1, broker.lines().size());
  }

  @Test
  void faults_areWithinTheirBounds_andReadAsOneWould() {
    FaultSchedule hour = FaultSchedule.draw(5, Duration.ofHours(1), ALL);
    hour.faults()
        .forEach(
            (place, list) -> {
              for (Fault fault : list) {
                assertEquals(place, fault.kind().place());
                assertTrue(fault.holdMillis() >= fault.kind().shortest(), fault::toString);
                assertTrue(fault.holdMillis() <= fault.kind().longest(), fault::toString);
                assertTrue(
                    fault
                        .toString()
                        .matches("\\+\\d+\\.\\d s [a-z-]+ for \\d+\\.\\d s( \\(.*\\))?"),
                    fault::toString);
              }
            });
  }
}
