/** Counting each reporting interval once, however often and in whatever order it was delivered. */
@NullMarked
package dev.earshot.protocol.delivery;

import org.jspecify.annotations.NullMarked;
