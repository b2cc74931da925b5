package dev.earshot.cli.bench.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.earshot.cli.bench.Section;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EngineReportTest {
  private static final Race.Pace PACE = new Race.Pace(3, 0.5, 1);

  private static Figures figures(TinyModel model, List<Double> engine, double allocated) {
    return new Figures(
        model,
        3_000_000,
        9_000,
        Map.of(
            Contestant.MACHINE, engine,
            Contestant.VECTOR, List.of(60.0, 60.0, 60.0),
            Contestant.NEW_FRAME, List.of(3.0, 18.0, 9.0),
            Contestant.PLAIN, List.of(500.0, 500.0, 500.0),
            Contestant.XNNPACK, List.of(30.0, 60.0, 30.0),
            Contestant.REFERENCE, List.of(900.0, 900.0, 900.0)),
        Map.of(Contestant.MACHINE, allocated, Contestant.PLAIN, 0.0),
        List.of(List.of(100.0, 200.0), List.of(190.0, 380.0)),
        new Footprint(204_800, 10_240, 2_048));
  }

  private static Section only(int index, Figures... all) {
    return new EngineReport(List.of(all), PACE).sections().get(index);
  }

  private static String line(Section section, String start) {
    return section.lines().stream()
        .filter(line -> line.strip().startsWith(start))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void ratioToXnnpack_isTheMedianOfTheRounds_betweenTheBestAndTheWorst() {
    Section times = only(0, figures(TinyModel.KWS, List.of(33.0, 63.0, 39.0), 0));
    assertTrue(line(times, "engine / XNNPACK").endsWith(" 1.10"));
    assertTrue(line(times, "of the best round").endsWith(" 1.05"));
    assertTrue(line(times, "of the worst round").endsWith(" 1.30"));
    assertTrue(line(times, "engine, million MACs a second").endsWith(" 76,923"));
    assertTrue(line(times, "kws: engine / XNNPACK").endsWith("at most 1.20  met"));
    assertFalse(times.missed());
  }

  @Test
  void limit_isTheModels() {
    List<Double> engine = List.of(42.0, 84.0, 42.0);
    assertTrue(only(0, figures(TinyModel.KWS, engine, 0)).missed());
    assertFalse(only(0, figures(TinyModel.SWW, engine, 0)).missed());
    assertFalse(only(0, figures(TinyModel.ICLARGE, engine, 0)).missed());
  }

  @Test
  void newFrame_isHeldToXnnpacksFullWindow_onlyWhereTheModelListens() {
    List<Double> engine = List.of(30.0, 30.0, 30.0);
    Section listening = only(0, figures(TinyModel.SWW, engine, 0));
    assertTrue(line(listening, "sww: a new frame").endsWith("0.30  at most 0.30  met"));
    Section other = only(0, figures(TinyModel.KWS, engine, 0));
    assertTrue(other.goals().stream().noneMatch(goal -> goal.name().contains("new frame")));
  }

  @Test
  void engineThatIsNotTenTimesFasterThanTheReference_misses() {
    Section times = only(0, figures(TinyModel.ICLARGE, List.of(100.0, 100.0, 100.0), 0));
    assertTrue(line(times, "iclarge: reference").endsWith("9.00  at least 10.00  MISSED"));
    assertTrue(times.missed());
  }

  @Test
  void vectorApi_isTheEngine_whereThereIsNoMachineCode() {
    Figures all = figures(TinyModel.KWS, List.of(30.0, 30.0, 30.0), 0);
    Map<Contestant, List<Double>> micros = new EnumMap<>(all.micros());
    micros.remove(Contestant.MACHINE);
    Figures without =
        new Figures(
            all.model(), 1, 1, micros, all.allocatedBytes(), all.perSecond(), all.footprint());
    assertTrue(line(only(0, all), "engine / XNNPACK").endsWith(" 1.00"));
    assertTrue(line(only(0, without), "engine / XNNPACK").endsWith(" 2.00"));
  }

  @Test
  void peerThatWasNotMeasured_isADash() {
    Section times = only(0, figures(TinyModel.KWS, List.of(30.0, 30.0, 30.0), 0));
    assertTrue(line(times, "TensorFlow Lite, optimized").endsWith(" -"));
  }

  @Test
  void allocation_misses() {
    assertFalse(only(1, figures(TinyModel.KWS, List.of(30.0), 0)).missed());
    assertTrue(only(1, figures(TinyModel.KWS, List.of(30.0), 16)).missed());
  }

  @Test
  void devices_shareTheModelAndTheScratch() {
    Section costs = only(1, figures(TinyModel.SWW, List.of(30.0), 0));
    assertTrue(line(costs, "two threads / one").endsWith(" 1.90"));
    assertTrue(line(costs, "all of 1,000 devices").endsWith(" 2,220"));
    assertEquals(List.of("sww"), costs.columns());
  }
}
