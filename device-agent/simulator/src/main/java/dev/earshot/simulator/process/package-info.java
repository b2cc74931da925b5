/**
 * A fleet that is too large for one process: {@link dev.earshot.simulator.process.WorkerFleet}
 * starts workers, each with every n-th device and source addresses of its own, and adds up what
 * they report. One process may open some 20,000 sockets, and one address has some 28,000 ports for
 * connections to one gateway. Workers share clock, seed and numbering, so that what happens to a
 * device does not depend on how many there are.
 */
@NullMarked
package dev.earshot.simulator.process;

import org.jspecify.annotations.NullMarked;
