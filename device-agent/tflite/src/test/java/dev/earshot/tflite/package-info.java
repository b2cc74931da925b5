/** Tests of the binding itself; what it computes is tested beside the engine. */
@NullMarked
package dev.earshot.tflite;

import org.jspecify.annotations.NullMarked;
