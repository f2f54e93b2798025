package io.forebay.engine.segment;

import java.nio.channels.FileChannel;

/**
 * A local file held open for reading: it stays readable until {@link #close}, whatever happens to
 * its name.
 */
public interface FileLease extends AutoCloseable {
  /** For positional reads; not to be closed. */
  FileChannel channel();

  /** Another lease of the same open file, even when its name is gone; before this one's close. */
  FileLease share();

  /** Once. */
  @Override
  void close();
}
