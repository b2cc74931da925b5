/** Tests of the gateway. */
@NullMarked
package dev.earshot.gateway.mqtt;

import org.jspecify.annotations.NullMarked;
