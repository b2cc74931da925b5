/**
 * The registry over HTTP: OCI-shaped blobs under {@code /v2}, releases under {@code /v1}. The one
 * package that imports {@code io.vertx.ext.web}. Handlers run on the event loop and hand everything
 * that blocks to worker threads. Errors are OCI's JSON below {@code /v2} and problem details (RFC
 * 9457) elsewhere.
 */
@NullMarked
package dev.earshot.registry.http;

import org.jspecify.annotations.NullMarked;
