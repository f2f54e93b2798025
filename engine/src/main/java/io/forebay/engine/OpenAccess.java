package io.forebay.engine;

/** What a file is opened for. */
public enum OpenAccess {
  READ,
  WRITE,
  READ_WRITE;

  public boolean reads() {
    return this != WRITE;
  }

  public boolean writes() {
    return this != READ;
  }
}
