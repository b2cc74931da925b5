/**
 * Where bytes lie: objects by key, in a local directory or in an S3-compatible store. Knows nothing
 * of registries.
 */
@NullMarked
package dev.earshot.registry.storage;

import org.jspecify.annotations.NullMarked;
