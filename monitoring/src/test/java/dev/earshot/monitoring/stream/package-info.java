@NullMarked
package dev.earshot.monitoring.stream;

import org.jspecify.annotations.NullMarked;
