@NullMarked
package dev.earshot.protocol.delivery;

import org.jspecify.annotations.NullMarked;
