package dev.earshot.cli.bench.gateway;

import java.util.List;
import java.util.Map;

/**
 * What a run is made with.
 *
 * @param connections of throughput and latency
 * @param rounds that take turns; their median counts
 * @param seconds that each measurement takes
 * @param warmUpSeconds before the first measurement of each process: its code must be compiled
 * @param partitions of the device topics
 * @param lingerMillis of the raw producer
 * @param javaOptions of the gateway's JVM
 * @param gateway settings of the gateway that differ
 */
record Setup(
    int connections,
    int rounds,
    int seconds,
    int warmUpSeconds,
    int partitions,
    int lingerMillis,
    List<String> javaOptions,
    Map<String, String> gateway) {
  Setup {
    javaOptions = List.copyOf(javaOptions);
    gateway = Map.copyOf(gateway);
  }
}
