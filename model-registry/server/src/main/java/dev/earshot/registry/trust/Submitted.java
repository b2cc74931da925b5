package dev.earshot.registry.trust;

import dev.earshot.protocol.trust.MetadataFile;
import dev.earshot.registry.ledger.Side;

/** A file that somebody sent. */
@SuppressWarnings("ArrayRecordComponent") // on its way into the ledger
record Submitted(Side side, MetadataFile file, byte[] bytes, boolean breaking) {}
