/** Errors over HTTP as RFC 9457 problem details with stable types. */
@NullMarked
package dev.earshot.protocol.problem;

import org.jspecify.annotations.NullMarked;
