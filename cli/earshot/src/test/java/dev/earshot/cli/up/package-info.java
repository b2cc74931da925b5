@NullMarked
package dev.earshot.cli.up;

import org.jspecify.annotations.NullMarked;
