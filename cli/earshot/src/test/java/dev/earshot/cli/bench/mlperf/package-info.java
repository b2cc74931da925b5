@NullMarked
package dev.earshot.cli.bench.mlperf;

import org.jspecify.annotations.NullMarked;
