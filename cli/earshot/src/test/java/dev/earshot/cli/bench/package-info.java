/** Tests of what benchmarks print and read; the benchmarks themselves are run by people. */
@NullMarked
package dev.earshot.cli.bench;

import org.jspecify.annotations.NullMarked;
