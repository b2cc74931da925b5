/**
 * What a device believes, and why: the order that a command carries is checked against the
 * director's root, the release that it names against everything that the image side signs, in
 * Uptane's order, and what was found to be true is remembered in flash before anything is built on
 * it. Nothing here fetches; {@link dev.earshot.agent.trust.TrustWalk} says what it needs next.
 */
@NullMarked
package dev.earshot.agent.trust;

import org.jspecify.annotations.NullMarked;
