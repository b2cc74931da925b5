/**
 * Two releases side by side: what each is, costs and was measured to do, and which differences are
 * more than chance. Pure; the registry and the command line share it.
 */
@NullMarked
package dev.earshot.registry.compare;

import org.jspecify.annotations.NullMarked;
