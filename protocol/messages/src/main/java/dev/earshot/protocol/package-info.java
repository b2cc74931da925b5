/**
 * What crosses a process boundary: who a device is, which MQTT and Kafka topics exist, and (in the
 * subpackages) the messages, releases, problems and the fleet's clock. Depends on nothing else of
 * Earshot and on no framework.
 */
@NullMarked
package dev.earshot.protocol;

import org.jspecify.annotations.NullMarked;
