package io.forebay.engine.shipping;

/** An object of the log is not what it should be: damaged, cut, out of order, or foreign. */
final class DamagedLogException extends Exception {
  private static final long serialVersionUID = 1L;

  DamagedLogException(String message) {
    super(message);
  }
}
