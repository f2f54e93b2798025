package io.forebay.benchmarks;

/**
 * What one bounded load did.
 *
 * @param operations that succeeded; a failed one ends the benchmark
 * @param bytes of payload moved
 * @param wallNanos from the first operation's start to the last one's end
 * @param medianNanos latency, half of the operations were faster
 * @param p99Nanos latency, 99 of 100 operations were faster
 */
record Measurement(long operations, long bytes, long wallNanos, long medianNanos, long p99Nanos) {

  double operationsPerSecond() {
    return operations * 1e9 / wallNanos;
  }

  double mebibytesPerSecond() {
    return bytes / 1048576.0 * 1e9 / wallNanos;
  }
}
