package dev.earshot.cli.model.inspect;

import dev.earshot.ndp.chip.BatteryCell;

/**
 * How a chip is used, for average power and battery life.
 *
 * @param inferencesPerSecond while it listens; the front end gives as many frames
 * @param listeningShare share of the time that it listens, above 0 to 1
 * @param cell what feeds it
 */
record Use(double inferencesPerSecond, double listeningShare, BatteryCell cell) {}
