@NullMarked
package dev.earshot.protocol.clock;

import org.jspecify.annotations.NullMarked;
