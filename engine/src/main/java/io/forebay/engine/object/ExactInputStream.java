package io.forebay.engine.object;

import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Fails where a stream ends before its length: nobody may take the rest for the whole. */
final class ExactInputStream extends FilterInputStream {
  private long left;

  ExactInputStream(InputStream in, long length) {
    super(in);
    this.left = length;
  }

  @Override
  public int read() throws IOException {
    int next = super.read();
    count(next < 0 ? -1 : 1);
    return next;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    int n = super.read(target, offset, length);
    count(n);
    return n;
  }

  private void count(int n) throws IOException {
    if (n < 0 && left > 0) {
      throw new EOFException("a body ends " + left + " bytes before its length");
    }
    left -= Math.max(n, 0);
  }

  @Override
  public boolean markSupported() {
    return false;
  }
}
