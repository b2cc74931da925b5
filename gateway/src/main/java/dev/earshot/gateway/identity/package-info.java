/**
 * Who a connection belongs to. The answer decides which topics it may use; no payload ever does.
 */
@NullMarked
package dev.earshot.gateway.identity;

import org.jspecify.annotations.NullMarked;
