/** The topology without a broker, and the service with one. */
@NullMarked
package dev.earshot.rollout.stream;

import org.jspecify.annotations.NullMarked;
