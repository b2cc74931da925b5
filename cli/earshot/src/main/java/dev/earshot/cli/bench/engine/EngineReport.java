package dev.earshot.cli.bench.engine;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.earshot.cli.UserError;
import dev.earshot.cli.bench.Goal;
import dev.earshot.cli.bench.Section;
import dev.earshot.cli.bench.Section.Row;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** The figures of all models as tables, with what they should be. */
final class EngineReport {
  /** Times that TensorFlow Lite's reference kernels must be slower. */
  private static final double REFERENCE_BOUND = 10;

  /** Share of the time of XNNPACK's full window that a new frame may take. */
  private static final double NEW_FRAME_LIMIT = 0.3;

  /** Bytes of the goal of none, for the measurement itself may allocate once. */
  private static final double LESS_THAN_AN_OBJECT = 1;

  private static final double KIBI = 1024;

  private final List<Figures> all;
  private final Race.Pace pace;

  EngineReport(List<Figures> all, Race.Pace pace) {
    this.all = List.copyOf(all);
    this.pace = pace;
  }

  List<Section> sections() {
    return List.of(times(), costs());
  }

  boolean missed() {
    return sections().stream().anyMatch(Section::missed);
  }

  private Section times() {
    List<Row> rows = new ArrayList<>();
    for (Contestant each : Contestant.values()) {
      rows.add(row(each.title() + ", us", figures -> figures.micros(each)));
    }
    rows.add(
        row("engine / XNNPACK", figures -> figures.ratio(figures.engine(), Contestant.XNNPACK)));
    rows.add(
        row(
            "  of the best round",
            figures -> figures.ratio(figures.engine(), Contestant.XNNPACK, 0)));
    rows.add(
        row(
            "  of the worst round",
            figures -> figures.ratio(figures.engine(), Contestant.XNNPACK, 1)));
    rows.add(
        row(
            "a new frame / XNNPACK's full window",
            figures -> figures.ratio(Contestant.NEW_FRAME, Contestant.XNNPACK)));
    rows.add(
        row(
            "engine, Vector API / XNNPACK",
            figures -> figures.ratio(Contestant.VECTOR, Contestant.XNNPACK)));
    rows.add(
        row(
            "engine, plain / XNNPACK",
            figures -> figures.ratio(Contestant.PLAIN, Contestant.XNNPACK)));
    rows.add(
        row(
            "reference kernels / engine",
            figures -> figures.ratio(Contestant.REFERENCE, figures.engine())));
    rows.add(
        row(
            "engine, million MACs a second",
            figures -> figures.macs() / figures.micros(figures.engine())));
    rows.add(
        row("engine, first inference of a process, ms", figures -> figures.firstMicros() / 1e3));
    List<Goal> goals = new ArrayList<>();
    for (Figures each : all) {
      String name = each.model().label();
      double ratio = each.ratio(each.engine(), Contestant.XNNPACK);
      if (each.model().limit() != 0) {
        goals.add(Goal.atMost(name + ": engine / XNNPACK", ratio, each.model().limit()));
      }
      if (each.model().listens()) {
        goals.add(
            Goal.atMost(
                name + ": a new frame / XNNPACK's full window",
                each.ratio(Contestant.NEW_FRAME, Contestant.XNNPACK),
                NEW_FRAME_LIMIT));
      }
      goals.add(
          Goal.atLeast(
              name + ": reference kernels / engine",
              each.ratio(Contestant.REFERENCE, each.engine()),
              REFERENCE_BOUND,
              0));
    }
    return new Section(
        "processor time of one inference",
        "one core, medians of %d rounds of %s s".formatted(pace.rounds(), pace.seconds()),
        columns(),
        rows,
        goals);
  }

  private Section costs() {
    List<Row> rows =
        List.of(
            row("allocated by an inference, bytes", each -> each.allocated(each.engine())),
            row("  by the Vector API", each -> each.allocated(Contestant.VECTOR)),
            row("  a new frame", each -> each.allocated(Contestant.NEW_FRAME)),
            row("  plain", each -> each.allocated(Contestant.PLAIN)),
            row("inferences a second, one thread", each -> each.perSecond(0)),
            row("inferences a second, two threads", each -> each.perSecond(1)),
            row("two threads / one", Figures::scaling),
            row("a model, shared by all, KiB", each -> each.footprint().modelBytes() / KIBI),
            row("a thread's scratch, KiB", each -> each.footprint().scratchBytes() / KIBI),
            row("a device, KiB", each -> each.footprint().deviceBytes() / KIBI),
            row(
                "all of 1,000 devices on two threads, KiB",
                each -> each.footprint().bytes(1_000, 2) / KIBI));
    List<Goal> goals = new ArrayList<>();
    for (Figures each : all) {
      each.allocatedBytes()
          .forEach(
              (contestant, bytes) ->
                  goals.add(
                      Goal.atMost(
                          each.model().label() + ": bytes allocated, " + contestant.title(),
                          bytes,
                          LESS_THAN_AN_OBJECT)));
    }
    return new Section(
        "what it takes",
        "alive after a collection, on the heap and in buffers beside it",
        columns(),
        rows,
        goals);
  }

  private Row row(String name, ToDoubleFunction<Figures> figure) {
    return new Row(name, all.stream().map(figure::applyAsDouble).toList());
  }

  private List<String> columns() {
    return all.stream().map(each -> each.model().label()).toList();
  }

  /** Writes it all as JSON. */
  void write(Path file) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("processors", Runtime.getRuntime().availableProcessors());
    json.put("java", System.getProperty("java.vm.version"));
    json.put("sections", sections().stream().map(Section::figures).toList());
    try {
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValue(file.toFile(), json);
    } catch (IOException e) {
      throw new UserError("--json: " + file + " can't be written: " + e.getMessage(), e);
    }
  }
}
