package io.forebay.engine.shipping;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** The database's file, put together from pages. */
final class RestoredFile implements AutoCloseable {
  private final FileChannel channel;
  private final int pageBytes;

  RestoredFile(Path file, int pageBytes) throws IOException {
    this.pageBytes = pageBytes;
    this.channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE);
  }

  int pageBytes() {
    return pageBytes;
  }

  void page(int number, ByteBuffer bytes) throws IOException {
    long at = (Integer.toUnsignedLong(number) - 1) * pageBytes;
    if (number == 0 || bytes.remaining() != pageBytes) {
      throw new IOException("page " + number + " cannot be");
    }
    ByteBuffer left = bytes.duplicate();
    while (left.hasRemaining()) {
      at += channel.write(left, at);
    }
  }

  /** The database has this many pages now. */
  void pages(int count) throws IOException {
    channel.truncate(Integer.toUnsignedLong(count) * pageBytes);
  }

  @Override
  public void close() throws IOException {
    channel.force(true);
    channel.close();
  }
}
