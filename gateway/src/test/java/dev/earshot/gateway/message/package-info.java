/** Tests of the gateway. */
@NullMarked
package dev.earshot.gateway.message;

import org.jspecify.annotations.NullMarked;
