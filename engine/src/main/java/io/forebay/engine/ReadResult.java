package io.forebay.engine;

/**
 * What a read found.
 *
 * @param payload the receiver's to close
 * @param endOfFile whether the file ended with, or before, the last byte
 */
public record ReadResult(Payload payload, boolean endOfFile) implements AutoCloseable {
  @Override
  public void close() {
    payload.close();
  }
}
