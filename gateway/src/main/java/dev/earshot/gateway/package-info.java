/**
 * The edge between devices and Kafka. Devices connect by MQTT; what they publish is in Kafka before
 * they are told so, and commands from Kafka go to the device's connection. An instance keeps
 * nothing that it could lose: any number of them can run side by side.
 */
@NullMarked
package dev.earshot.gateway;

import org.jspecify.annotations.NullMarked;
