/**
 * The {@code earshot} command. Each subcommand has a package of its own; {@link
 * dev.earshot.cli.Earshot} mounts them, {@link dev.earshot.cli.Connection} knows where the services
 * are.
 */
@NullMarked
package dev.earshot.cli;

import org.jspecify.annotations.NullMarked;
