/**
 * The network: its architecture, its training with PyTorch through DJL, and the trained weights in
 * floating point. The native library is only needed to train; everything else runs without it.
 */
@NullMarked
package dev.earshot.trainer.network;

import org.jspecify.annotations.NullMarked;
