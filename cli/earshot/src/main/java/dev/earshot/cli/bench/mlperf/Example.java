package dev.earshot.cli.bench.mlperf;

/**
 * An input whose class is known.
 *
 * @param name of its file or row
 * @param label index of the class
 * @param input int8 values in the model's quantization; not copied, do not change them
 */
@SuppressWarnings("ArrayRecordComponent") // read-only, compared by nobody
record Example(String name, int label, byte[] input) {}
