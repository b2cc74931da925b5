@NullMarked
package dev.earshot.protocol;

import org.jspecify.annotations.NullMarked;
