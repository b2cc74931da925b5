/**
 * The operators' interface over HTTP, and the only package that imports vertx-web. Handlers run on
 * the event loop and never block: reads come from memory, requests complete later.
 */
@NullMarked
package dev.earshot.rollout.http;

import org.jspecify.annotations.NullMarked;
