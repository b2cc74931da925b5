/**
 * The engine that stands for the chip. {@code NdpModel} reads and prepares an int8 {@code .tflite}
 * file, once, for all devices; {@code WakeWordEngine} is one device listening: front end, window,
 * inference, detector. The parts live in packages below; this package only puts them together.
 * Needs nothing but the JDK.
 */
@NullMarked
package dev.earshot.ndp;

import org.jspecify.annotations.NullMarked;
