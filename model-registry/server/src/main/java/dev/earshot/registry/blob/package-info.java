/**
 * Content-addressed files. A blob is named by the SHA-256 of its bytes, is complete and verified
 * from the moment that it can be seen, and never changes. Plain {@code java.nio}; every call may
 * block and belongs on a worker thread.
 */
@NullMarked
package dev.earshot.registry.blob;

import org.jspecify.annotations.NullMarked;
