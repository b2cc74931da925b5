@NullMarked
package dev.earshot.ndp.plan;

import org.jspecify.annotations.NullMarked;
