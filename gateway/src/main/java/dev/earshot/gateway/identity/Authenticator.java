package dev.earshot.gateway.identity;

/** Decides whose a connection is. Called on event loops, concurrently; must not block. */
public interface Authenticator {
  Authentication authenticate(Credentials credentials);
}
