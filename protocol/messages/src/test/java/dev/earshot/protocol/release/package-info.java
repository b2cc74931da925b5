@NullMarked
package dev.earshot.protocol.release;

import org.jspecify.annotations.NullMarked;
