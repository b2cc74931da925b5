package dev.earshot.gateway.identity;

import io.vertx.core.Future;

/** Decides whose a connection is. Called on event loops, concurrently; must not block. */
public interface Authenticator {
  Future<Authentication> authenticate(Credentials credentials);
}
