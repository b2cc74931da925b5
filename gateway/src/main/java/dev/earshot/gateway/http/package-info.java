/** Health and metrics over HTTP. The only package that imports io.vertx.ext.web. */
@NullMarked
package dev.earshot.gateway.http;

import org.jspecify.annotations.NullMarked;
