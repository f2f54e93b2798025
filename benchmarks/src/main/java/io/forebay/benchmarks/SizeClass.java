package io.forebay.benchmarks;

/**
 * A size of object and how much load fits a small machine.
 *
 * @param label for people
 * @param bytes of an object
 * @param objects distinct ones
 * @param operations of one measurement
 * @param concurrency connections
 */
record SizeClass(String label, int bytes, int objects, int operations, int concurrency) {
  SizeClass scaled(boolean quick) {
    return quick
        ? new SizeClass(
            label, bytes, Math.min(objects, 8), Math.max(8, operations / 50), concurrency)
        : this;
  }
}
