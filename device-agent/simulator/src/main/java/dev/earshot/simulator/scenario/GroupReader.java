package dev.earshot.simulator.scenario;

import com.fasterxml.jackson.databind.JsonNode;
import dev.earshot.ndp.chip.ChipProfile;
import dev.earshot.protocol.document.Fields;
import dev.earshot.protocol.v1.Environment;
import dev.earshot.simulator.scenario.DeviceGroup.Battery;
import dev.earshot.simulator.scenario.DeviceGroup.Churn;
import dev.earshot.simulator.scenario.DeviceGroup.Fidelity;
import dev.earshot.simulator.scenario.DeviceGroup.Move;
import dev.earshot.simulator.world.PopulationMix;
import dev.earshot.simulator.world.PopulationMix.Region;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads a group of devices. */
final class GroupReader {
  private static final int USUAL_COUNT = 100;
  private static final int LONGEST_LABEL = 64;
  private static final Map<String, String> CHIPS = chips();

  private GroupReader() {}

  static DeviceGroup group(Fields fields, String usualName) {
    String name = fields.text("name", usualName);
    int count = fields.integer("count", USUAL_COUNT);
    PopulationMix mix = mix(fields);
    Fidelity fidelity = fields.word("fidelity", ScenarioWords.FIDELITIES, Fidelity.RATES);
    Battery battery = battery(fields.object("battery"));
    Churn churn = churn(fields.object("churn"));
    List<Move> moves = new ArrayList<>();
    for (Fields move : ScenarioReader.orEmpty(fields.objects("moves"))) {
      moves.add(move(move));
    }
    return fields.build(
        () -> new DeviceGroup(name, count, mix, fidelity, battery, churn, moves),
        new DeviceGroup(usualName, 1, mix, fidelity, battery, churn, moves));
  }

  private static PopulationMix mix(Fields fields) {
    PopulationMix usual = PopulationMix.standard();
    String chip = fields.word("chip", CHIPS, usual.chip());
    Map<String, Region> regions = new LinkedHashMap<>();
    usual.regions().forEach(region -> regions.put(region.name(), region));
    return new PopulationMix(
        environments(fields, usual.environments()),
        regions(fields, regions),
        firmware(fields, usual.firmwares()),
        chip,
        fields.number("overdispersion", usual.overdispersionShape(), .01, 1000),
        fields.number("duty", usual.lowestDuty(), .01, 1),
        fields.number("wake_attempts_per_day", usual.wakeAttemptsPerDay(), 0, 10_000),
        fields.number("daily_amplitude", usual.dailyAmplitude(), 0, 1));
  }

  private static Map<Environment, Double> environments(
      Fields group, Map<Environment, Double> usual) {
    Fields fields = group.object("environments");
    Map<Environment, Double> shares = new EnumMap<>(Environment.class);
    ScenarioWords.ENVIRONMENTS.forEach(
        (word, environment) -> {
          double share = share(fields, word);
          if (fields.has(word)) {
            shares.put(environment, share);
          }
        });
    return fields.build(() -> orUsual(group, "environments", shares, usual), usual);
  }

  private static Map<String, Double> firmware(Fields group, Map<String, Double> usual) {
    Fields fields = group.object("firmware");
    Map<String, Double> shares = new LinkedHashMap<>();
    for (String version : labels(fields)) {
      shares.put(version, share(fields, version));
    }
    return fields.build(() -> orUsual(group, "firmware", shares, usual), usual);
  }

  /** A share, or a share with an offset from UTC. */
  private static List<Region> regions(Fields group, Map<String, Region> usual) {
    Fields fields = group.object("regions");
    Map<String, Double> shares = new LinkedHashMap<>();
    List<Region> regions = new ArrayList<>();
    for (String name : labels(fields)) {
      Region known = usual.getOrDefault(name, new Region(name, 1, 0));
      JsonNode written = fields.raw(name);
      double share = 1;
      int offset = known.utcOffsetMinutes();
      if (written.isObject()) {
        Fields region = fields.object(name);
        share = share(region, "share");
        offset = (int) region.number("utc_offset_minutes", offset, -720, 840);
        region.build(() -> known, known);
      } else {
        share = share(fields, name);
      }
      shares.put(name, share);
      regions.add(new Region(name, share, offset));
    }
    return fields.build(
        () ->
            orUsual(group, "regions", shares, Map.of()).isEmpty()
                ? List.copyOf(usual.values())
                : regions,
        List.copyOf(usual.values()));
  }

  private static Battery battery(Fields fields) {
    Battery usual = Battery.STANDARD;
    double capacity = fields.number("capacity_mwh", usual.capacityMilliwattHours());
    double health = fields.number("health", usual.health());
    return fields.build(() -> new Battery(capacity, health), usual);
  }

  private static Churn churn(Fields fields) {
    double leaves = fields.number("leaves_per_day", Churn.NONE.leavesPerDay());
    Duration away = fields.duration("away_for", Churn.NONE.awayFor());
    return fields.build(() -> new Churn(leaves, away), Churn.NONE);
  }

  private static Move move(Fields fields) {
    fields.requiredText("from");
    fields.requiredText("to");
    Environment from = fields.word("from", ScenarioWords.ENVIRONMENTS, Environment.UNRECOGNIZED);
    Environment to =
        fields.word("to", ScenarioWords.ENVIRONMENTS, Environment.ENVIRONMENT_UNSPECIFIED);
    double perDay = fields.number("per_day", 2);
    Duration stay = fields.duration("stay", Duration.ofHours(1));
    return fields.build(
        () -> new Move(from, to, perDay, stay),
        new Move(Environment.QUIET, Environment.CAR, 1, Duration.ofHours(1)));
  }

  private static double share(Fields fields, String name) {
    return fields.number(name, 1, 0, 1e9);
  }

  /** The names that were written, as far as they can be labels. */
  private static List<String> labels(Fields fields) {
    List<String> labels = new ArrayList<>();
    for (String name : fields.names()) {
      if (name.isBlank() || name.length() > LONGEST_LABEL) {
        fields.raw(name);
        fields.error(name, "is no label (expected: 1 to 64 characters)");
      } else {
        labels.add(name);
      }
    }
    return labels;
  }

  private static <K> Map<K, Double> orUsual(
      Fields group, String name, Map<K, Double> shares, Map<K, Double> usual) {
    if (group.has(name) && shares.values().stream().allMatch(share -> share <= 0)) {
      group.error(name, "no shares (expected: at least one above 0)");
      return usual;
    }
    return shares.isEmpty() ? usual : shares;
  }

  private static Map<String, String> chips() {
    Map<String, String> chips = new LinkedHashMap<>();
    ChipProfile.all().forEach(chip -> chips.put(chip.id(), chip.id()));
    return chips;
  }
}
