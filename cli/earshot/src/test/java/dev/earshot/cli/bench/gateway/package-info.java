/** Tests of the gateway's benchmark. */
@NullMarked
package dev.earshot.cli.bench.gateway;

import org.jspecify.annotations.NullMarked;
