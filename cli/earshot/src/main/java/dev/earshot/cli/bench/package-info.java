/**
 * {@code earshot bench}: measurements that anyone can repeat, with the conditions they hold under.
 */
@NullMarked
package dev.earshot.cli.bench;

import org.jspecify.annotations.NullMarked;
