/**
 * What a publisher signs and a device verifies: release names, manifests, keys, evaluations. A
 * release is content-addressed: its manifest names every file by digest and length.
 */
@NullMarked
package dev.earshot.protocol.release;

import org.jspecify.annotations.NullMarked;
