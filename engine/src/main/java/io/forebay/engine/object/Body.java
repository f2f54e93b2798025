package io.forebay.engine.object;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/** Bytes to store; can be read from the beginning again, for a retry. */
public interface Body {
  /** In bytes. */
  long length();

  /** A new stream over all bytes; the caller closes it. */
  InputStream open() throws IOException;

  /** CRC32C of all bytes where it is known already, else -1; sent along for the store to check. */
  default long crc32c() {
    return -1;
  }

  /** A body in memory; {@code bytes} must not change. */
  static Body of(ByteBuffer bytes) {
    ByteBuffer view = bytes.asReadOnlyBuffer();
    return new Body() {
      @Override
      public long length() {
        return view.remaining();
      }

      @Override
      public InputStream open() {
        return new ByteBufferInputStream(view.duplicate());
      }
    };
  }
}
