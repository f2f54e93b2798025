package io.forebay.nfs.server;

import io.netty.channel.DefaultFileRegion;
import java.nio.channels.FileChannel;

/** A run of a file that stays open whatever becomes of the region. */
final class UnownedFileRegion extends DefaultFileRegion {
  UnownedFileRegion(FileChannel file, long position, long count) {
    super(file, position, count);
  }

  /** The payload's owner closes the file, in its own time. */
  @Override
  protected void deallocate() {}
}
