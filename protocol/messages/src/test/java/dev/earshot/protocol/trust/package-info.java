@NullMarked
package dev.earshot.protocol.trust;

import org.jspecify.annotations.NullMarked;
