/**
 * {@code earshot bench}: measurements that anyone can repeat on a machine of their own. Each speed
 * is printed beside that of a peer in the same run, because machines differ.
 */
@NullMarked
package dev.earshot.cli.bench;

import org.jspecify.annotations.NullMarked;
