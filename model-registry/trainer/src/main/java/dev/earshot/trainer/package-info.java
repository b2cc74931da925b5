/**
 * The trainer: makes a release, model file and evaluation, from a recipe and its seed. It never
 * runs as part of a service; the native training library is only needed here.
 */
@NullMarked
package dev.earshot.trainer;

import org.jspecify.annotations.NullMarked;
