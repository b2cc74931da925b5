/**
 * Garbage collection: finds what releases, repositories and their manifests refer to, and deletes
 * blobs that nothing refers to and nobody has stored or claimed for a grace period. Knows the
 * layout of repositories in the store and nothing of HTTP. What it can't account for stops it: then
 * nothing is deleted.
 */
@NullMarked
package dev.earshot.registry.gc;

import org.jspecify.annotations.NullMarked;
