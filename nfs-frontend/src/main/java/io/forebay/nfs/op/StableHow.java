package io.forebay.nfs.op;

/** {@code stable_how4}: when written bytes have to be durable (RFC 8881 section 18.32). */
public enum StableHow {
  UNSTABLE(0),
  DATA_SYNC(1),
  FILE_SYNC(2);

  private final int wire;

  StableHow(int wire) {
    this.wire = wire;
  }

  int wire() {
    return wire;
  }
}
