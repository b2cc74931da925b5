/** Tests of what the engine's bench makes of its measurements, and a short run of it. */
@NullMarked
package dev.earshot.cli.bench.engine;

import org.jspecify.annotations.NullMarked;
