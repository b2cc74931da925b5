/**
 * Incremental inference on a stream of frames: a new frame costs only what it changes, and the
 * output equals that of the full window bit for bit. A model is cut once, where its operators
 * commute with a shift in time, into stages that each compute one row from the last rows of the
 * stage before ({@code StreamingModel}, immutable, shared by all). A thread has the workspaces
 * ({@code StreamingInference}); a device has the last rows and nothing else ({@code StreamState}).
 * The arithmetic is that of the ordinary kernels, run over fewer rows.
 */
@NullMarked
package dev.earshot.ndp.streaming;

import org.jspecify.annotations.NullMarked;
