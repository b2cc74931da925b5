package dev.earshot.monitoring.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.earshot.monitoring.health.AgeHistogram;
import dev.earshot.monitoring.health.FleetKey;
import dev.earshot.monitoring.health.FleetSnapshot;
import dev.earshot.monitoring.health.HealthKey;
import dev.earshot.monitoring.health.LabelFold;
import dev.earshot.monitoring.health.PopulationKey;
import dev.earshot.monitoring.health.SeriesBudget;
import dev.earshot.monitoring.health.SilenceKey;
import dev.earshot.monitoring.health.UpdateKey;
import dev.earshot.protocol.v1.HealthTotals;
import dev.earshot.protocol.v1.Heartbeat;
import dev.earshot.protocol.v1.UpdateResult;
import dev.earshot.protocol.v1.UpdateState;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.exporter.common.TextFormat;
import java.io.IOException;
import java.io.StringWriter;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What Prometheus gets, as it gets it. */
final class FleetCollectorTest {
  private static final HealthKey KITCHEN =
      new HealthKey("home", "none", "hey-nova:1.0.0", "ndp120", "eu", "kitchen", "none");
  private static final List<String> ENVIRONMENTS =
      List.of("quiet", "kitchen", "car", "factory", "stadium", "unknown");
  private static final long DAY = 86_400_000;

  private final FakeFleet fleet = new FakeFleet();

  @Test
  void sums_areShownInBaseUnits() {
    fleet.count(
        KITCHEN,
        Heartbeat.newBuilder()
            .setIntervalMs(900_000)
            .setListeningMs(600_500)
            .setNdpEnergyUj(84_000)
            .setBatterySocPctDrop(0.5f)
            .setFalseAccepts(3)
            .setDroppedHeartbeats(2)
            .build(),
        FakeFleet.NOW);
    CollectorRegistry shown = shown(SeriesBudget.DEFAULT);
    String[] names = HealthKey.NAMES.toArray(String[]::new);
    String[] values = KITCHEN.values().toArray(String[]::new);
    Map.of(
            "earshot_fleet_heartbeats_total", 1.0,
            "earshot_fleet_listening_seconds_total", 600.5,
            "earshot_fleet_ndp_energy_joules_total", 0.084,
            "earshot_fleet_battery_drop_ratio_total", 0.005,
            "earshot_fleet_operational_seconds_total", 900.0,
            "earshot_fleet_false_accepts_total", 3.0,
            "earshot_fleet_dropped_heartbeats_total", 2.0)
        .forEach(
            (name, value) ->
                assertEquals(value, number(shown.getSampleValue(name, names, values)), 1e-9, name));
    assertEquals(1.0, shown.getSampleValue("earshot_monitoring_ready"));
  }

  @Test
  void histograms_areCumulative_andEndWithAllThatWasCounted() {
    fleet.count(
        KITCHEN,
        Heartbeat.newBuilder()
            .addAllFalseAcceptScores(buckets(32, 20, 4, 31, 2))
            .addAllInferenceUsHistogram(buckets(20, 9, 7, 10, 1))
            .build(),
        FakeFleet.NOW);
    CollectorRegistry shown = shown(SeriesBudget.DEFAULT);
    String name = "earshot_fleet_false_accept_score";
    String[] labels = {"release", "environment", "le"};
    assertEquals(
        0.0,
        shown.getSampleValue(name + "_bucket", labels, of("hey-nova:1.0.0", "kitchen", "31.0")));
    assertEquals(
        4.0,
        shown.getSampleValue(name + "_bucket", labels, of("hey-nova:1.0.0", "kitchen", "39.0")));
    assertEquals(
        6.0,
        shown.getSampleValue(name + "_bucket", labels, of("hey-nova:1.0.0", "kitchen", "+Inf")));
    // 2^10 microseconds: the upper bound of the bucket of 512 to 1,023.
    assertEquals(
        7.0,
        shown.getSampleValue(
            "earshot_fleet_inference_duration_seconds_bucket",
            of("release", "chip", "le"),
            of("hey-nova:1.0.0", "ndp120", "0.001024")));
  }

  @Test
  void nothing_isShownWhilePartitionsMove() {
    fleet.count(KITCHEN, Heartbeat.getDefaultInstance(), FakeFleet.NOW);
    fleet.problem = "stream is REBALANCING";
    CollectorRegistry shown = shown(SeriesBudget.DEFAULT);
    assertEquals(
        Set.of("earshot_monitoring_ready"),
        Collections.list(shown.metricFamilySamples()).stream()
            .map(family -> family.name)
            .collect(Collectors.toSet()));
    assertEquals(0.0, shown.getSampleValue("earshot_monitoring_ready"));
  }

  @Test
  void worstCaseFleet_staysWithinTheBudget_andItsSumsStayExact() throws IOException {
    fleet.snapshot = worstCase();
    double heartbeats = 1.0 * fleet.snapshot.totals().size();
    double devices = 2.0 * fleet.snapshot.devices().size();
    assertTrue(
        SeriesBudget.seriesOf(fleet.snapshot) > 10 * SeriesBudget.DEFAULT, "a fleet too big");
    for (int budget : new int[] {SeriesBudget.LOWEST, SeriesBudget.DEFAULT}) {
      CollectorRegistry shown = shown(budget);
      StringWriter exposition = new StringWriter();
      TextFormat.write004(exposition, shown.metricFamilySamples());
      List<String> series =
          exposition.toString().lines().filter(line -> !line.startsWith("#")).toList();
      assertTrue(series.size() <= budget, "series: " + series.size() + " of " + budget);
      assertEquals(
          series.size(),
          series.stream().map(line -> line.substring(0, line.lastIndexOf(' '))).distinct().count(),
          "no series twice");
      assertEquals(heartbeats, sum(series, "earshot_fleet_heartbeats_total{"));
      assertEquals(devices, sum(series, "earshot_fleet_devices{"));
      assertTrue(sum(series, "earshot_monitoring_series ") <= budget);
      assertTrue(sum(series, "earshot_monitoring_series_folded_total ") > 0);
    }
  }

  @Test
  void oldestCohorts_areFoldedFirst_andWhatIsFoldedStaysSo() {
    fleet.snapshot = cohorts(0, 2_000);
    CollectorRegistry shown = shown(SeriesBudget.DEFAULT);
    assertFalse(isShown(shown, 0));
    assertTrue(isShown(shown, 1_999));

    // What was folded is active again, and there would be room: a counter must not jump back.
    fleet.snapshot = cohorts(0, 100);
    assertFalse(isShown(shown, 0));
    assertEquals(
        100.0,
        number(
            shown.getSampleValue(
                "earshot_fleet_heartbeats_total",
                HealthKey.NAMES.toArray(String[]::new),
                cohort(LabelFold.OTHER).values().toArray(String[]::new))));
  }

  @Test
  void fleetOfStatedSize_isShownWithoutFolding() {
    Map<HealthKey, HealthTotals> totals = new HashMap<>();
    for (int cohort = 0; cohort < 30; cohort++) {
      for (String release : List.of("a:" + cohort % 6, "a:" + (cohort + 1) % 6)) {
        for (String environment : ENVIRONMENTS.subList(0, 5)) {
          for (String arm : List.of("treatment", "control")) {
            for (String region : List.of("eu", "us")) {
              totals.put(
                  new HealthKey("home", "r" + cohort, release, "ndp120", region, environment, arm),
                  HealthTotals.newBuilder().setHeartbeats(1).build());
            }
          }
        }
      }
    }
    fleet.snapshot =
        new FleetSnapshot(totals, Map.of(), Map.of(), Map.of(), Map.of(), LabelFold.NONE);
    assertEquals(
        0.0, shown(SeriesBudget.DEFAULT).getSampleValue("earshot_monitoring_series_folded_total"));
  }

  private static FleetSnapshot cohorts(int from, int to) {
    Map<HealthKey, HealthTotals> totals = new HashMap<>();
    for (int i = from; i < to; i++) {
      totals.put(
          cohort("r" + i),
          HealthTotals.newBuilder().setHeartbeats(1).setFirstMs(i).setLastMs(9 * DAY).build());
    }
    return new FleetSnapshot(totals, Map.of(), Map.of(), Map.of(), Map.of(), LabelFold.NONE);
  }

  private static HealthKey cohort(String cohort) {
    return new HealthKey("home", cohort, "hey-nova:1.0.0", "ndp120", "eu", "car", "none");
  }

  private static boolean isShown(CollectorRegistry shown, int cohort) {
    return shown.getSampleValue(
            "earshot_fleet_heartbeats_total",
            HealthKey.NAMES.toArray(String[]::new),
            cohort("r" + cohort).values().toArray(String[]::new))
        != null;
  }

  /** 120 fleets, 600 cohorts, 90 releases, 12 chips, 20 regions, everything else there is. */
  private static FleetSnapshot worstCase() {
    Map<HealthKey, HealthTotals> totals = new HashMap<>();
    Map<PopulationKey, Long> devices = new HashMap<>();
    Map<UpdateKey, Long> updates = new HashMap<>();
    Map<SilenceKey, Long> silent = new HashMap<>();
    Map<FleetKey, AgeHistogram> ages = new HashMap<>();
    Random random = new Random(5);
    for (int i = 0; i < 30_000; i++) {
      String fleet = "fleet" + random.nextInt(120);
      String cohort = random.nextInt(7) == 0 ? "none" : "r" + random.nextInt(600);
      String release = "hey:" + random.nextInt(90);
      String chip = "chip" + random.nextInt(12);
      String region = "region" + random.nextInt(20);
      String environment = ENVIRONMENTS.get(random.nextInt(6));
      String arm = List.of("treatment", "control", "none").get(random.nextInt(3));
      String state = UpdateState.values()[random.nextInt(10)].name().toLowerCase(Locale.ROOT);
      String result = UpdateResult.values()[random.nextInt(12)].name().toLowerCase(Locale.ROOT);
      totals.put(
          new HealthKey(fleet, cohort, release, chip, region, environment, arm),
          HealthTotals.newBuilder().setHeartbeats(1).setFirstMs(i).setLastMs(i * DAY / 97).build());
      devices.put(
          new PopulationKey(
              fleet, cohort, release, chip, region, arm, String.valueOf(random.nextBoolean())),
          2L);
      updates.put(new UpdateKey(fleet, cohort, release, state, result), 1L);
      silent.put(new SilenceKey(fleet, cohort, release, arm), 1L);
      ages.computeIfAbsent(new FleetKey(fleet), absent -> new AgeHistogram()).add(i);
    }
    return new FleetSnapshot(totals, devices, updates, silent, ages, LabelFold.NONE);
  }

  private CollectorRegistry shown(int budget) {
    CollectorRegistry registry = new CollectorRegistry();
    registry.register(new FleetCollector(fleet, new SeriesBudget(budget)));
    return registry;
  }

  private static double sum(List<String> series, String prefix) {
    return series.stream()
        .filter(line -> line.startsWith(prefix))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  private static double number(@Nullable Double value) {
    return value == null ? Double.NaN : value;
  }

  private static String[] of(String... values) {
    return values;
  }

  private static List<Integer> buckets(int length, int at, int count, int alsoAt, int alsoCount) {
    Integer[] buckets = new Integer[length];
    for (int i = 0; i < length; i++) {
      buckets[i] = i == at ? count : i == alsoAt ? alsoCount : 0;
    }
    return List.of(buckets);
  }
}
