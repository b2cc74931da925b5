/**
 * What others counted against what happened: figure by figure, to the count where nothing was
 * destroyed, else within bounds that are said.
 */
@NullMarked
package dev.earshot.simulator.verify;

import org.jspecify.annotations.NullMarked;
