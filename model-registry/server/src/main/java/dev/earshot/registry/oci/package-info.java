/**
 * Repositories as the OCI Distribution Specification 1.1 knows them: names, tags, manifests and who
 * refers to what, kept as small objects beside the blobs. Knows the formats and the rules, and
 * nothing of HTTP. Every call that touches the store may block.
 */
@NullMarked
package dev.earshot.registry.oci;

import org.jspecify.annotations.NullMarked;
