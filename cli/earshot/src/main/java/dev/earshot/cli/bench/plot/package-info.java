/**
 * A plot of quality against cost, as SVG or PNG: axes, symbols that differ in shape as well as in
 * colour, labels that keep out of each other's way, and the front of what nothing else beats. Draws
 * what it is given; knows no benchmark.
 */
@NullMarked
package dev.earshot.cli.bench.plot;

import org.jspecify.annotations.NullMarked;
