package io.forebay.engine.segment;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/** {@link SegmentFiles} on real disks. */
final class DiskFiles implements SegmentFiles {
  @Override
  public StoredFile create(Path file) throws IOException {
    return new OpenFile(
        file,
        FileChannel.open(
            file,
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE));
  }

  @Override
  public StoredFile open(Path file) throws IOException {
    return new OpenFile(file, OpenFile.reopen(file));
  }

  @Override
  public FileChannel openForReading(Path file) throws IOException {
    return FileChannel.open(file, StandardOpenOption.READ);
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  @Override
  public void delete(Path file) throws IOException {
    Files.deleteIfExists(file);
  }

  @Override
  public void createDirectories(Path directory) throws IOException {
    Files.createDirectories(directory);
  }

  @Override
  public void forceDirectory(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  @Override
  public List<Path> list(Path directory) throws IOException {
    List<Path> entries = new ArrayList<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
      stream.forEach(entries::add);
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    return entries;
  }

  @Override
  public long usableBytes(Path directory) throws IOException {
    return Files.getFileStore(directory).getUsableSpace();
  }

  /**
   * A channel that is opened again when an interrupted thread has closed it ({@link
   * java.nio.channels.InterruptibleChannel}): the file is shared by threads that are not
   * interrupted. The kernel reports a write-back error it has not yet reported to the new channel.
   */
  private static final class OpenFile implements StoredFile {
    private interface Operation<T> {
      T on(FileChannel channel) throws IOException;
    }

    private final Path file;
    private final ReentrantLock reopening = new ReentrantLock();
    private volatile FileChannel channel;
    private volatile boolean closed;

    OpenFile(Path file, FileChannel channel) {
      this.file = file;
      this.channel = channel;
    }

    static FileChannel reopen(Path file) throws IOException {
      return FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
    }

    private <T> T perform(Operation<T> operation) throws IOException {
      boolean interrupted = false;
      try {
        while (true) {
          FileChannel current = channel;
          try {
            return operation.on(current);
          } catch (ClosedChannelException e) {
            if (closed) {
              throw e;
            }
            interrupted |= Thread.interrupted();
            replace(current);
          }
        }
      } finally {
        if (interrupted) {
          Thread.currentThread().interrupt();
        }
      }
    }

    private void replace(FileChannel dead) throws IOException {
      reopening.lock();
      try {
        if (channel.equals(dead) && !closed) {
          channel = reopen(file);
        }
      } finally {
        reopening.unlock();
      }
    }

    @Override
    public void write(ByteBuffer bytes, long position) throws IOException {
      long written =
          perform(channel -> {
            ByteBuffer left = bytes.duplicate();
            long at = position;
            while (left.hasRemaining()) {
              at += channel.write(left, at);
            }
            return at;
          });
      bytes.position(bytes.position() + (int) (written - position));
    }

    @Override
    public void read(ByteBuffer target, long position) throws IOException {
      int start = target.position();
      long end =
          perform(channel -> {
            target.position(start);
            long at = position;
            while (target.hasRemaining()) {
              int n = channel.read(target, at);
              if (n < 0) {
                throw new EOFException(file + " ends at " + at);
              }
              at += n;
            }
            return at;
          });
      if (end - position != target.limit() - start) {
        throw new EOFException(file + " ends at " + end);
      }
    }

    @Override
    public void force() throws IOException {
      perform(channel -> {
        channel.force(false);
        return channel;
      });
    }

    @Override
    public void truncate(long length) throws IOException {
      perform(channel -> channel.truncate(length));
    }

    @Override
    public long length() throws IOException {
      return perform(FileChannel::size);
    }

    @Override
    public void close() throws IOException {
      reopening.lock();
      try {
        closed = true;
        channel.close();
      } finally {
        reopening.unlock();
      }
    }
  }
}
