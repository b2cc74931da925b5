/**
 * Tests of what benchmarks print and read; of the benchmarks themselves only one runs, small: the
 * gateway's.
 */
@NullMarked
package dev.earshot.cli.bench;

import org.jspecify.annotations.NullMarked;
