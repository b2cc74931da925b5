/** Tests of the embedded broker, on the real thing. */
@NullMarked
package dev.earshot.broker;

import org.jspecify.annotations.NullMarked;
