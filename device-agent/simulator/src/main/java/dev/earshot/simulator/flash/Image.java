package dev.earshot.simulator.flash;

import dev.earshot.protocol.Digest;

/**
 * A file's content, shared by every slot of the fleet that holds it. Nobody modifies it.
 *
 * @param digest of the bytes
 * @param bytes never modified
 */
@SuppressWarnings("ArrayRecordComponent") // shared on purpose; images are compared by digest
public record Image(Digest digest, byte[] bytes) {}
