package dev.earshot.monitoring.http;

import dev.earshot.monitoring.health.FleetView;
import dev.earshot.monitoring.health.HealthKey;
import dev.earshot.monitoring.health.Totals;
import dev.earshot.monitoring.health.WindowKey;
import dev.earshot.protocol.v1.HealthTotals;
import dev.earshot.service.HttpEdge;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Sums of intervals in steps of time, by the labels that are asked for. */
final class WindowQueries {
  private static final Duration DEFAULT_SPAN = Duration.ofHours(6);
  private static final int MOST_STEPS = 11_000;
  private static final int MOST_POINTS = 50_000;

  private final FleetView view;

  /** A step of time and the values of the labels that are asked for. */
  private record Point(long startMillis, List<String> labels) implements Comparable<Point> {
    @Override
    public int compareTo(Point other) {
      int byTime = Long.compare(startMillis, other.startMillis);
      return byTime != 0
          ? byTime
          : String.join("|", labels).compareTo(String.join("|", other.labels));
    }
  }

  /** What is asked for; times are multiples of the window. */
  private record Request(
      long fromMillis,
      long toMillis,
      long stepMillis,
      List<String> by,
      Map<String, String> filters,
      boolean histograms) {
    boolean admits(HealthKey key) {
      List<String> values = key.values();
      return filters.entrySet().stream()
          .allMatch(
              filter ->
                  values.get(HealthKey.NAMES.indexOf(filter.getKey())).equals(filter.getValue()));
    }

    Point point(WindowKey window) {
      List<String> values = window.labels().values();
      long step = (window.startMillis() - fromMillis) / stepMillis;
      return new Point(
          fromMillis + step * stepMillis,
          by.stream().map(name -> values.get(HealthKey.NAMES.indexOf(name))).toList());
    }
  }

  WindowQueries(FleetView view) {
    this.view = view;
  }

  void answer(RoutingContext ctx) {
    Request request = request(ctx);
    Map<Point, HealthTotals> points = new TreeMap<>();
    view.windows(
        request.fromMillis(),
        request.toMillis(),
        (window, sums) -> {
          if (request.admits(window.labels())) {
            points.merge(request.point(window), sums, Totals::plus);
            if (points.size() > MOST_POINTS) {
              throw Query.wrong(
                  "step",
                  "the answer has more than "
                      + MOST_POINTS
                      + " points (expected: a longer step, a shorter span or fewer labels)");
            }
          }
        });
    List<Map<String, Object>> series = new ArrayList<>();
    points.forEach((point, sums) -> series.add(json(request, point, sums)));
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("from", Instant.ofEpochMilli(request.fromMillis()).toString());
    json.put("to", Instant.ofEpochMilli(request.toMillis()).toString());
    json.put("step", Duration.ofMillis(request.stepMillis()).toString());
    json.put("by", request.by());
    json.put("points", series);
    HttpEdge.json(ctx, 200, json);
  }

  private Request request(RoutingContext ctx) {
    Set<String> known = new HashSet<>(HealthKey.NAMES);
    known.addAll(Set.of("from", "to", "step", "by", "histograms"));
    Query query = new Query(ctx, known);
    long window = WindowKey.LENGTH.toMillis();
    Instant to = query.instant("to", Instant.ofEpochMilli(view.nowMillis()));
    Instant from = query.instant("from", to.minus(DEFAULT_SPAN));
    if (!from.isBefore(to) || from.toEpochMilli() < 0) {
      throw Query.wrong("from", "'" + from + "' (expected: before " + to + ", and after 1970)");
    }
    long fromMillis = WindowKey.startOf(from.toEpochMilli());
    long toMillis = WindowKey.startOf(to.toEpochMilli() + window - 1);
    Duration step = query.duration("step", Duration.ofMillis(toMillis - fromMillis));
    if (!step.isPositive() || step.toMillis() % window != 0) {
      throw Query.wrong(
          "step", "'" + step + "' (expected: a multiple of " + WindowKey.LENGTH + ")");
    }
    if ((toMillis - fromMillis) / step.toMillis() > MOST_STEPS) {
      throw Query.wrong("step", "'" + step + "' (expected: at most " + MOST_STEPS + " steps)");
    }
    Map<String, String> filters = new LinkedHashMap<>();
    for (String name : HealthKey.NAMES) {
      String value = query.text(name);
      if (value != null) {
        filters.put(name, value);
      }
    }
    return new Request(
        fromMillis,
        toMillis,
        step.toMillis(),
        query.words("by", HealthKey.NAMES),
        filters,
        Boolean.TRUE.equals(query.flag("histograms")));
  }

  private static Map<String, Object> json(Request request, Point point, HealthTotals sums) {
    Map<String, String> labels = new LinkedHashMap<>();
    for (int i = 0; i < request.by().size(); i++) {
      labels.put(request.by().get(i), point.labels().get(i));
    }
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("start", Instant.ofEpochMilli(point.startMillis()).toString());
    json.put("labels", labels);
    json.putAll(TotalsJson.of(sums));
    if (request.histograms()) {
      json.putAll(TotalsJson.histograms(sums));
    }
    return json;
  }
}
