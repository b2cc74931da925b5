package dev.earshot.registry.blob;

import dev.earshot.protocol.Digest;
import java.nio.file.Path;

/**
 * A complete blob on disk.
 *
 * @param digest its name
 * @param length its bytes, at least 0
 * @param file where it lies; content never changes
 */
public record StoredBlob(Digest digest, long length, Path file) {}
