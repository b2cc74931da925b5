/** The rollout service as other programs call it, over HTTP with the JDK's client. */
@NullMarked
package dev.earshot.rollout.client;

import org.jspecify.annotations.NullMarked;
