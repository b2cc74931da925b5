package dev.earshot.rollout.gate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;

class GateFileTest {
  private static final String HEADER =
      "device,stratum,arm,exposure_hours,count,prior_exposure_hours,prior_count\n";

  private static GateFile.Read read(String text) {
    return assertInstanceOf(GateFile.Read.class, GateFile.parse(text));
  }

  private static List<String> problems(String text) {
    return assertInstanceOf(GateFile.Malformed.class, GateFile.parse(text)).problems().stream()
        .map(GateFile.Problem::toString)
        .toList();
  }

  @Test
  void wellFormedFile_becomesDevices() {
    GateFile.Read read =
        read(
            HEADER + "eu/d1,car,treatment,1.5,3,24,10\n\n\"eu/d2\",\"car, old\",Control,2,0,0,0\n");

    assertEquals(
        List.of(
            new Device("eu/d1", "car", true, new DeviceCounts(1.5, 3, 24, 10)),
            new Device("eu/d2", "car, old", false, new DeviceCounts(2, 0, 0, 0))),
        read.devices());
  }

  @Test
  void columnsInAnotherOrderAndMore_areRead() {
    GateFile.Read read =
        read(
            """
            \uFEFFnote,count,device,arm,stratum,prior_count,exposure_hours,prior_exposure_hours\r
            x,3,d1,treated,car,10,1.5,24\r
            """);

    assertEquals(
        List.of(new Device("d1", "car", true, new DeviceCounts(1.5, 3, 24, 10))), read.devices());
  }

  @Test
  void permutedAndRepeatedLines_giveTheSameEvidence() {
    Fleet fleet = new Fleet(5).add("car", true, 50, 1, 1.5).add("car", false, 60, 1, 1);
    fleet.advance(7);
    List<String> lines = new ArrayList<>();
    for (Device d : fleet.devices()) {
      DeviceCounts c = d.counts();
      lines.add(
          String.format(
              Locale.ROOT,
              "%s,%s,%s,%s,%d,%s,%d",
              d.id(),
              d.stratum(),
              d.treated() ? "treatment" : "control",
              c.exposureHours(),
              c.count(),
              c.priorExposureHours(),
              c.priorCount()));
    }
    String original = HEADER + String.join("\n", lines);
    lines.addAll(List.copyOf(lines.subList(20, 90)));
    Collections.shuffle(lines, new Random(6));
    GateFile.Read again = read(HEADER + String.join("\n", lines));

    assertEquals(70, again.repeatedLines());
    assertEquals(
        CountsGate.evaluate(read(original).devices(), CountsSettings.harm()),
        CountsGate.evaluate(again.devices(), CountsSettings.harm()));
  }

  @Test
  void everyMistake_isNamedWithLineAndColumn() {
    assertEquals(
        List.of(
            "line 2, column arm: both (expected: treatment or control)",
            "line 2, column exposure_hours: -1 (expected: a number from 0 to 1e12)",
            "line 3, column count: 1.5 (expected: a whole number from 0 to 1e15)",
            "line 4, column prior_exposure_hours: empty (expected: a value)",
            "line 4, column prior_count: empty (expected: a value)"),
        problems(HEADER + "d1,car,both,-1,0,1,0\nd2,car,control,1,1.5,2,0\nd3,car,control,1,1\n"));
  }

  @Test
  void decimalComma_isRefusedInsteadOfShiftingTheColumns() {
    assertEquals(
        List.of("line 2, column 8: 9 (expected: 7 fields, as in line 1)"),
        problems(HEADER + "d1,car,control,1,5,3,24,9\n"));
    assertEquals(1, read(HEADER + "d1,car,control,1,5,24,9,,\n").devices().size());
  }

  @Test
  void programmersNotation_isNoNumber() {
    for (String number : List.of("0x10", "5d", "1e400", "1_000", "-0.1", "Infinity")) {
      assertEquals(
          List.of(
              "line 2, column exposure_hours: " + number + " (expected: a number from 0 to 1e12)"),
          problems(HEADER + "d1,car,control," + number + ",0,1,0\n"));
    }
    assertEquals(
        12.5,
        read(HEADER + "d1,c,c,+1.25E1,1e3,.5,3.0\n").devices().get(0).counts().exposureHours());
  }

  @Test
  void notANumber_isRefused() {
    assertEquals(
        List.of("line 2, column exposure_hours: NaN (expected: a number from 0 to 1e12)"),
        problems(HEADER + "d1,car,control,NaN,0,1,0\n"));
  }

  @Test
  void deviceWithOtherValues_isRefused() {
    assertEquals(
        List.of(
            "line 3, column device: d1 in stratum car again, with other values than in line 2",
            "line 4, column arm: d1 is in the other arm in line 2"),
        problems(
            HEADER
                + "d1,car,control,1,0,1,0\nd1,car,control,2,0,1,0\nd1,home,treatment,1,0,1,0\n"));
  }

  @Test
  void missingColumn_isNamed() {
    List<String> problems = problems("device,stratum,arm,exposure_hours,count,prior_count\n");

    assertEquals(1, problems.size());
    assertTrue(
        problems.get(0).startsWith("line 1, column prior_exposure_hours: missing"),
        problems::toString);
  }

  @Test
  void emptyFile_isRefused() {
    assertEquals(1, problems("").size());
  }
}
