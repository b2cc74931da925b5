@NullMarked
package dev.earshot.monitoring.health;

import org.jspecify.annotations.NullMarked;
