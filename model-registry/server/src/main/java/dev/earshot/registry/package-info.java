/**
 * The model registry: takes a release from its publisher, makes sure that it runs on the chips that
 * it names, and hands it to devices. {@link dev.earshot.registry.Registry} starts it; it keeps
 * blobs in a directory and everything else in Kafka's release topic, so any number of registries
 * that share both show the same.
 */
@NullMarked
package dev.earshot.registry;

import org.jspecify.annotations.NullMarked;
