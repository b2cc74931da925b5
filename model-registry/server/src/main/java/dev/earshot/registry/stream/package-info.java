/**
 * Releases in Kafka: the one package that imports {@code org.apache.kafka}. The compacted release
 * topic is the only truth; every registry reads all of it, and one at a time writes to it.
 */
@NullMarked
package dev.earshot.registry.stream;

import org.jspecify.annotations.NullMarked;
