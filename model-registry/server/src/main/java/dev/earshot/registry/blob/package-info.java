/**
 * Content-addressed objects. A blob is named by the SHA-256 of its bytes, is complete and verified
 * from the moment that it can be seen, and never changes; uploads are spooled on the local disk
 * until then. Every call may block and belongs on a worker thread.
 */
@NullMarked
package dev.earshot.registry.blob;

import org.jspecify.annotations.NullMarked;
