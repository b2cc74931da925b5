package dev.earshot.registry.blob;

import dev.earshot.protocol.Digest;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A complete blob.
 *
 * @param digest its name
 * @param length its bytes, at least 0
 * @param file where it lies, in stores that have files the kernel can send; content never changes
 */
public record StoredBlob(Digest digest, long length, Optional<Path> file) {}
