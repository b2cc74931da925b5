/**
 * {@code earshot up}: broker, services and a simulated fleet in one process ({@link
 * dev.earshot.cli.up.AllInOne}), and the story that is told with them ({@link
 * dev.earshot.cli.up.Demo}) through the same HTTP interfaces that everybody uses.
 */
@NullMarked
package dev.earshot.cli.up;

import org.jspecify.annotations.NullMarked;
