package dev.earshot.agent.port;

import dev.earshot.protocol.release.ReleaseManifest;
import dev.earshot.protocol.v1.Slot;

/**
 * A verified model that is to listen.
 *
 * @param slot where it lies
 * @param manifest its release, detector and front end
 * @param model the {@code .tflite}; may be shared between devices, never modify it
 */
@SuppressWarnings("ArrayRecordComponent") // shared by thousands of devices, compared by nobody
public record ActiveModel(Slot slot, ReleaseManifest manifest, byte[] model) {}
