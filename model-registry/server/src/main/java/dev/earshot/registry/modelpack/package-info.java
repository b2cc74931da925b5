/**
 * A release as an OCI artifact in the CNCF ModelPack format, so that any OCI client can mirror,
 * mount and inspect it: one manifest whose layers are the files that a device needs, and referrers
 * for what is said about them. Pure and deterministic: the same release always gives the same
 * bytes, so pushing it again changes nothing.
 */
@NullMarked
package dev.earshot.registry.modelpack;

import org.jspecify.annotations.NullMarked;
