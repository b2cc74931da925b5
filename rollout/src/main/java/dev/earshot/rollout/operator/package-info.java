/**
 * Who may do what: operators, their roles, and how a bearer token says who somebody is. Begin with
 * {@link dev.earshot.rollout.operator.Operators}. Signatures are checked by Vert.x; no cryptography
 * of our own beyond comparing digests in constant time.
 */
@NullMarked
package dev.earshot.rollout.operator;

import org.jspecify.annotations.NullMarked;
