package dev.earshot.cli.fleet;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.earshot.cli.fleet.FieldTradeOff.Point;
import java.util.Locale;
import java.util.Optional;

/** The trade-off for programs: every threshold, in every environment. */
final class FieldTuningJson {
  private FieldTuningJson() {}

  static String write(FieldTuning tuning, Optional<Point> chosen) {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.put("release", tuning.release().toString())
        .put("fleet", tuning.fleet())
        .put("runningThreshold", tuning.runningThreshold())
        .put("intervals", "95 %, Garwood for rates, Clopper-Pearson for shares")
        .put("bucketScores", 8);
    chosen.ifPresent(point -> root.put("chosenThreshold", point.thresholdScore()));
    ArrayNode environments = root.putArray("environments");
    tuning.environments().forEach(one -> environments.add(tradeOff(one)));
    root.set("total", tradeOff(tuning.total()));
    return root.toPrettyString();
  }

  private static ObjectNode tradeOff(FieldTradeOff tradeOff) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("environment", tradeOff.scores().environment())
        .put("listeningHours", tradeOff.scores().listeningHours())
        .put("attempts", tradeOff.attempts());
    ArrayNode points = node.putArray("thresholds");
    for (Point point : tradeOff.points()) {
      ObjectNode one = points.addObject();
      one.put("thresholdScore", point.thresholdScore())
          .put("kind", point.kind().name().toLowerCase(Locale.ROOT));
      one.set("falseAcceptsPerHour", reading(point.falseAcceptsPerHour()));
      one.set("missShare", reading(point.missShare()));
    }
    return node;
  }

  /** Without an estimate where there is none; without an upper end where nothing was observed. */
  private static ObjectNode reading(Reading reading) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    reading.estimate().ifPresent(estimate -> node.put("estimate", estimate));
    node.put("low", reading.low());
    if (!Double.isInfinite(reading.high())) {
      node.put("high", reading.high());
    }
    return node;
  }
}
