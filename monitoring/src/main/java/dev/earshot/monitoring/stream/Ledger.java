package dev.earshot.monitoring.stream;

import dev.earshot.monitoring.health.AgeHistogram;
import dev.earshot.monitoring.health.FleetKey;
import dev.earshot.monitoring.health.FleetSnapshot;
import dev.earshot.monitoring.health.HealthKey;
import dev.earshot.monitoring.health.LabelFold;
import dev.earshot.monitoring.health.LabelKind;
import dev.earshot.monitoring.health.PopulationKey;
import dev.earshot.monitoring.health.SeriesBudget;
import dev.earshot.monitoring.health.SilenceKey;
import dev.earshot.monitoring.health.Totals;
import dev.earshot.monitoring.health.UpdateKey;
import dev.earshot.protocol.DeviceId;
import dev.earshot.protocol.v1.DeviceHealth;
import dev.earshot.protocol.v1.FoldedLabels;
import dev.earshot.protocol.v1.HealthTotals;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * A partition's counts by label: sums of intervals since the beginning, devices, updates. Bounded:
 * when there are more label sets than it may keep apart, label values are folded for good. For use
 * by one thread.
 */
final class Ledger {
  private static final String FOLDED = "folded";

  private final SeriesBudget budget;
  private final Mirror<HealthKey, HealthTotals> totals;
  private final Mirror<PopulationKey, Long> devices;
  private final Mirror<UpdateKey, Long> updates;
  private final KeyValueStore<String, FoldedLabels> foldedLabels;
  private LabelFold fold;

  Ledger(ProcessorContext<?, ?> context, SeriesBudget budget) {
    this.budget = budget;
    this.totals =
        new Mirror<>(
            context.getStateStore(Stores.TOTALS), HealthKey::decode, Totals::plus, sums -> false);
    this.devices =
        new Mirror<>(
            context.getStateStore(Stores.POPULATION),
            PopulationKey::decode,
            Long::sum,
            count -> count == 0);
    this.updates =
        new Mirror<>(
            context.getStateStore(Stores.UPDATES),
            UpdateKey::decode,
            Long::sum,
            count -> count == 0);
    this.foldedLabels = context.getStateStore(Stores.FOLDED);
    this.fold = read(foldedLabels.get(FOLDED));
  }

  /** Counts an interval under labels that may have to be folded; returns those it is under. */
  HealthKey counted(HealthKey labels, HealthTotals one) {
    HealthKey key = labels.folded(fold);
    totals.add(key, one);
    return key;
  }

  /** A device is not, or no longer, what it was. */
  void changed(DeviceId id, @Nullable DeviceHealth before, DeviceHealth after) {
    PopulationKey now = PopulationKey.of(id, after);
    PopulationKey then = before == null ? null : PopulationKey.of(id, before);
    if (!now.equals(then)) {
      if (then != null) {
        devices.add(then.folded(fold), -1L);
      }
      devices.add(now.folded(fold), 1L);
    }
    UpdateKey update = UpdateKey.of(id, after);
    UpdateKey earlier = before == null ? null : UpdateKey.of(id, before);
    if (update != null && !update.equals(earlier)) {
      if (earlier != null) {
        updates.add(earlier.folded(fold), -1L);
      }
      updates.add(update.folded(fold), 1L);
    }
  }

  /** Folds what is too much. */
  void fit() {
    LabelFold more = budget.excess(snapshot(Map.of(), Map.of()));
    if (more.size() > 0) {
      totals.fold(more);
      devices.fold(more);
      updates.fold(more);
      fold = fold.and(more);
      foldedLabels.put(FOLDED, written(fold));
    }
  }

  /** What is counted now, with the findings of a walk over the devices. */
  FleetSnapshot snapshot(Map<SilenceKey, Long> silent, Map<FleetKey, AgeHistogram> ages) {
    return new FleetSnapshot(
        totals.values(), devices.values(), updates.values(), silent, ages, fold);
  }

  private static LabelFold read(@Nullable FoldedLabels labels) {
    return labels == null
        ? LabelFold.NONE
        : LabelFold.of(
            Map.of(
                LabelKind.FLEET, Set.copyOf(labels.getFleetsList()),
                LabelKind.COHORT, Set.copyOf(labels.getCohortsList()),
                LabelKind.RELEASE, Set.copyOf(labels.getReleasesList()),
                LabelKind.CHIP, Set.copyOf(labels.getChipsList()),
                LabelKind.REGION, Set.copyOf(labels.getRegionsList())));
  }

  private static FoldedLabels written(LabelFold fold) {
    return FoldedLabels.newBuilder()
        .addAllFleets(fold.values(LabelKind.FLEET))
        .addAllCohorts(fold.values(LabelKind.COHORT))
        .addAllReleases(fold.values(LabelKind.RELEASE))
        .addAllChips(fold.values(LabelKind.CHIP))
        .addAllRegions(fold.values(LabelKind.REGION))
        .build();
  }
}
