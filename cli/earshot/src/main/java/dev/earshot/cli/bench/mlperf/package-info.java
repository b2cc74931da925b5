/**
 * {@code earshot bench mlperf-tiny}: MLPerf Tiny's tasks as its users know them. Accuracy of the
 * closed division where labelled data is given and "no labelled data" where not, latency of a
 * single stream on this machine, and what the modelled chip would take, beside what was published.
 * The rules are the benchmark's; where its evaluation script and its runner differ, both are
 * counted and named.
 */
@NullMarked
package dev.earshot.cli.bench.mlperf;

import org.jspecify.annotations.NullMarked;
