package dev.earshot.monitoring.http;

import dev.earshot.monitoring.health.FleetSnapshot;
import dev.earshot.monitoring.health.FleetView;
import dev.earshot.monitoring.health.LabelFold;
import dev.earshot.monitoring.health.SeriesBudget;
import io.prometheus.client.Collector;
import io.prometheus.client.CounterMetricFamily;
import io.prometheus.client.GaugeMetricFamily;
import java.util.ArrayList;
import java.util.List;

/**
 * The fleet as Prometheus sees it: counters continue over restarts because the stores do, and never
 * show what a crash could take back. Within the budget of series: what is too much is folded into
 * {@code other}, and stays there while this process runs. While partitions move nothing is
 * exported: a gap is honest, a wrong number is not.
 */
final class FleetCollector extends Collector {
  private final FleetView view;
  private final SeriesBudget budget;
  private LabelFold fold = LabelFold.NONE;

  FleetCollector(FleetView view, SeriesBudget budget) {
    this.view = view;
    this.budget = budget;
  }

  @Override
  public synchronized List<MetricFamilySamples> collect() {
    List<MetricFamilySamples> families = new ArrayList<>();
    boolean ready = true;
    try {
      FleetSnapshot fleet = fitted(view.snapshot());
      families.addAll(FleetFamilies.of(fleet));
      families.add(
          gauge(
              "earshot_monitoring_series",
              "Series that show the fleet; at most " + budget.series() + ".",
              SeriesBudget.seriesOf(fleet)));
      families.add(
          new CounterMetricFamily(
              "earshot_monitoring_series_folded",
              "Label values that are shown as other because the budget of series is used up.",
              fleet.fold().size()));
    } catch (FleetView.NotReady e) {
      families.clear();
      ready = false;
    }
    families.add(
        gauge(
            "earshot_monitoring_ready",
            "1 while the fleet's sums can be read, else 0.",
            ready ? 1 : 0));
    return families;
  }

  private FleetSnapshot fitted(FleetSnapshot all) {
    FleetSnapshot shown = all.folded(fold);
    LabelFold more = budget.excess(shown);
    if (more.size() == 0) {
      return shown;
    }
    fold = fold.and(more);
    return all.folded(fold);
  }

  private static GaugeMetricFamily gauge(String name, String help, double value) {
    return new GaugeMetricFamily(name, help, value);
  }
}
