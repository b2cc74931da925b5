@NullMarked
package dev.earshot.ndp.machine;

import org.jspecify.annotations.NullMarked;
