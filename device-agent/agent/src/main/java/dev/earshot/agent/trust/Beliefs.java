package dev.earshot.agent.trust;

import dev.earshot.protocol.trust.Envelope;
import dev.earshot.protocol.trust.Root;
import dev.earshot.protocol.trust.TrustedImage;

/**
 * What a device has found to be true so far, as far as many devices may share it. The version of
 * its last order is its own and lies in its record.
 *
 * @param image root, timestamp and snapshot of the image side
 * @param director the newest root of the director's side
 */
public record Beliefs(TrustedImage image, Envelope<Root> director) {
  Beliefs with(TrustedImage next) {
    return new Beliefs(next, director);
  }

  Beliefs with(Envelope<Root> next) {
    return new Beliefs(image, next);
  }
}
