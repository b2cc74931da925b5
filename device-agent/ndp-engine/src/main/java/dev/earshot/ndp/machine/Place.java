package dev.earshot.ndp.machine;

import dev.earshot.ndp.plan.Plane;

/**
 * Where an activation lies in the workspace.
 *
 * @param start of its plane, in bytes
 * @param zeroPoint what its border holds, as int8
 */
record Place(int start, Plane plane, int zeroPoint) {}
