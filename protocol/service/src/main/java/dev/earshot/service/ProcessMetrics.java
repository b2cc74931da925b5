package dev.earshot.service;

import io.prometheus.client.Collector.MetricFamilySamples;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.hotspot.GarbageCollectorExports;
import io.prometheus.client.hotspot.MemoryPoolsExports;
import io.prometheus.client.hotspot.StandardExports;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;

/**
 * What every process says of itself: processor time, memory, file descriptors, garbage collection
 * ({@code process_*}, {@code jvm_*}). Services that share a process all show that process.
 */
final class ProcessMetrics {
  private static final CollectorRegistry PROCESS = new CollectorRegistry();

  static {
    new StandardExports().register(PROCESS);
    new MemoryPoolsExports().register(PROCESS);
    new GarbageCollectorExports().register(PROCESS);
  }

  private ProcessMetrics() {}

  /** A service's own metrics, then those of its process. */
  static Enumeration<MetricFamilySamples> appendedTo(Enumeration<MetricFamilySamples> own) {
    List<MetricFamilySamples> all = new ArrayList<>(Collections.list(own));
    all.addAll(Collections.list(PROCESS.metricFamilySamples()));
    return Collections.enumeration(all);
  }
}
