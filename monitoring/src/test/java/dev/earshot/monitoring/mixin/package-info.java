@NullMarked
package dev.earshot.monitoring.mixin;

import org.jspecify.annotations.NullMarked;
