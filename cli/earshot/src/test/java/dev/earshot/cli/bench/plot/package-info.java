@NullMarked
package dev.earshot.cli.bench.plot;

import org.jspecify.annotations.NullMarked;
