/**
 * What came of a scenario, for people and for machines: figures by name, what was expected of them,
 * a JSON document, and JUnit's XML for continuous integration.
 */
@NullMarked
package dev.earshot.simulator.report;

import org.jspecify.annotations.NullMarked;
