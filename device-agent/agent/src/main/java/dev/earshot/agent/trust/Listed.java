package dev.earshot.agent.trust;

import dev.earshot.protocol.trust.RoleKeys;
import dev.earshot.protocol.trust.Targets;

/**
 * What the image side says of a release.
 *
 * @param target its signed manifest, release counter and chips
 * @param publisher whose signatures the manifest needs
 */
public record Listed(Targets.Target target, RoleKeys publisher) {}
