@NullMarked
package dev.earshot.helm;

import org.jspecify.annotations.NullMarked;
