/** Tests of the fast path's own arithmetic; its kernels are held against the plain ones. */
@NullMarked
package dev.earshot.ndp.vector;

import org.jspecify.annotations.NullMarked;
