/**
 * The {@code .tflite} file format: FlatBuffer tables read with every offset checked, turned into a
 * {@code dev.earshot.ndp.graph.Graph} or refused with a message that names operator, tensor and
 * limit. Nothing here depends on generated code, so nothing here trusts a file.
 */
@NullMarked
package dev.earshot.ndp.tflite;

import org.jspecify.annotations.NullMarked;
