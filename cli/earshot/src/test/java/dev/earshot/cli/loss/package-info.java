/** Tests of the harness that looks for losses: above all, that it would find one. */
@NullMarked
package dev.earshot.cli.loss;

import org.jspecify.annotations.NullMarked;
