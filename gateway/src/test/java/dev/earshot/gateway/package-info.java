/** Tests of the gateway. */
@NullMarked
package dev.earshot.gateway;

import org.jspecify.annotations.NullMarked;
