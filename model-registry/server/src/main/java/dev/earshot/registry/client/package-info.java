/**
 * What a publisher's tools use: {@link dev.earshot.registry.client.ReleaseFolder} reads a release
 * from disk, {@link dev.earshot.registry.client.RegistryClient} brings it to a registry and asks
 * about it. Blocking, and free of the server's frameworks.
 */
@NullMarked
package dev.earshot.registry.client;

import org.jspecify.annotations.NullMarked;
