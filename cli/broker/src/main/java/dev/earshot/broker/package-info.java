/**
 * A real Kafka broker inside the process: one node that is broker and KRaft controller at once,
 * listening on the loopback interface only. The all-in-one and the tests of the services run on it;
 * a fleet that matters runs on a cluster of its own.
 */
@NullMarked
package dev.earshot.broker;

import org.jspecify.annotations.NullMarked;
