package dev.earshot.monitoring.http;

import dev.earshot.monitoring.health.FleetView;
import dev.earshot.monitoring.health.HealthKey;
import dev.earshot.monitoring.health.Totals;
import dev.earshot.protocol.problem.ProblemException;
import dev.earshot.protocol.problem.ProblemType;
import dev.earshot.protocol.release.ReleaseRef;
import dev.earshot.protocol.v1.HealthTotals;
import dev.earshot.service.HttpEdge;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What devices that run a release have scored, by environment, since the beginning: what thresholds
 * are tuned from.
 */
final class ScoreQueries {
  private static final double MILLIS_PER_HOUR = 3.6e6;

  private final FleetView view;

  ScoreQueries(FleetView view) {
    this.view = view;
  }

  void answer(RoutingContext ctx) {
    String release =
        ReleaseRef.parse(ctx.pathParam("name") + ":" + ctx.pathParam("version")).toString();
    String fleet = new Query(ctx, Set.of("fleet")).text("fleet");
    Map<String, HealthTotals> byEnvironment = new TreeMap<>();
    for (Map.Entry<HealthKey, HealthTotals> entry : view.snapshot().totals().entrySet()) {
      HealthKey key = entry.getKey();
      if (key.release().equals(release) && (fleet == null || key.fleet().equals(fleet))) {
        byEnvironment.merge(key.environment(), entry.getValue(), Totals::plus);
      }
    }
    if (byEnvironment.isEmpty()) {
      throw new ProblemException(
          ProblemType.NOT_FOUND,
          "no interval was counted for "
              + release
              + (fleet == null ? "" : " in fleet " + fleet)
              + " (a release that left every device long ago is counted under other)");
    }
    List<Map<String, Object>> environments = new ArrayList<>();
    byEnvironment.forEach((environment, sums) -> environments.add(json(environment, sums)));
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("release", release);
    json.put("fleet", fleet);
    json.put("environments", environments);
    HttpEdge.json(ctx, 200, json);
  }

  private static Map<String, Object> json(String environment, HealthTotals sums) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("environment", environment);
    json.put("listeningHours", sums.getListeningMs() / MILLIS_PER_HOUR);
    json.put("wakes", sums.getWakes());
    json.put("falseAccepts", sums.getFalseAccepts());
    json.put("suspectedFalseRejects", sums.getSuspectedFalseRejects());
    json.put("inferenceScores", buckets(sums.getScoreHistogramList()));
    json.put("confirmedWakeScores", buckets(sums.getConfirmedWakeScoresList()));
    json.put("falseAcceptScores", buckets(sums.getFalseAcceptScoresList()));
    json.put("suspectedFalseRejectScores", buckets(sums.getSuspectedFalseRejectScoresList()));
    json.put("nearMissScores", buckets(sums.getNearMissScoresList()));
    return json;
  }

  private static long[] buckets(List<Long> histogram) {
    long[] buckets = new long[Histograms.SCORE_BUCKETS];
    Totals.addInto(buckets, histogram);
    return buckets;
  }
}
