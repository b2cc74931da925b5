/**
 * The gateway's side of MQTT: the server, one session for each connection, and the flow control
 * between them and Kafka. The only package that imports io.vertx.mqtt.
 */
@NullMarked
package dev.earshot.gateway.mqtt;

import org.jspecify.annotations.NullMarked;
