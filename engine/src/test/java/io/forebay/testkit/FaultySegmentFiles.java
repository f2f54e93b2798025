package io.forebay.testkit;

import io.forebay.engine.segment.SegmentFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;

/**
 * Real files on a disk that fails when told to, that can be full, and whose machine can lose its
 * power: then everything that was not forced is gone, or torn, or there, by chance; names of files
 * included. Thread-safe.
 */
public final class FaultySegmentFiles implements SegmentFiles {
  /** For faults that do not end by themselves. */
  public static final int FOREVER = Integer.MAX_VALUE;

  /** What can be done to files. */
  public enum Operation {
    CREATE(true),
    OPEN(false),
    OPEN_FOR_READING(false),
    READ(false),
    WRITE(true),
    FORCE(true),
    TRUNCATE(true),
    RENAME(true),
    DELETE(true),
    FORCE_DIRECTORY(true),
    CREATE_DIRECTORIES(false),
    LIST(false),
    USABLE_BYTES(false);

    private final boolean changes;

    Operation(boolean changes) {
      this.changes = changes;
    }
  }

  private static final class Rule {
    private final Operation operation;
    private final Predicate<Path> where;
    private final String error;
    private int left;

    Rule(Operation operation, Predicate<Path> where, String error, int times) {
      this.operation = operation;
      this.where = where;
      this.error = error;
      this.left = times;
    }
  }

  private interface FileAction {
    void run() throws IOException;
  }

  private final SegmentFiles real = SegmentFiles.onDisk();
  private final DiskModel model = new DiskModel();
  private final List<Rule> rules = new ArrayList<>();
  private long capacity = Long.MAX_VALUE;
  private long operationsLeft = Long.MAX_VALUE;
  private long changes;
  private boolean off;
  private int start;

  // --- the script

  /** The next operations of a kind fail with EIO. */
  public void fail(Operation operation, int times) {
    fail(operation, path -> true, "Input/output error", times);
  }

  /** The next operations of a kind on some paths fail. */
  public synchronized void fail(
      Operation operation, Predicate<Path> where, String error, int times) {
    rules.add(new Rule(operation, where, error, times));
  }

  /** Files may have that many bytes in all. */
  public synchronized void capacity(long bytes) {
    capacity = bytes;
  }

  /** Forgets all faults; a machine that is off stays off. */
  public synchronized void heal() {
    rules.clear();
    capacity = Long.MAX_VALUE;
  }

  /** Bytes in the files that this has seen. */
  public synchronized long usedBytes() {
    return model.usedBytes();
  }

  /** Changes of files so far: how many moments there are to cut the power at. */
  public synchronized long changes() {
    return changes;
  }

  /** The power goes during the change that follows that many others. */
  public synchronized void cutPowerAfter(long moreChanges) {
    operationsLeft = moreChanges;
  }

  /** The power goes now. */
  public synchronized void cutPower() {
    off = true;
  }

  public synchronized boolean isOff() {
    return off;
  }

  /** Starts the machine again: on its disk is what the power cut has left. */
  public synchronized void restart(Random random) throws IOException {
    model.cut(random);
    off = false;
    operationsLeft = Long.MAX_VALUE;
    start++;
  }

  // --- how it fails

  /**
   * @return whether the power goes during this operation: it is done, nothing of it is durable, and
   *     nobody hears of it
   */
  private boolean begin(Operation operation, Path path) throws IOException {
    if (off) {
      throw new PowerCut();
    }
    for (Rule rule : rules) {
      if (rule.operation == operation && rule.left > 0 && rule.where.test(path)) {
        rule.left -= rule.left == FOREVER ? 0 : 1;
        throw new IOException(rule.error);
      }
    }
    if (operation.changes) {
      changes++;
      if (operationsLeft-- == 0) {
        off = true;
      }
    }
    return off;
  }

  private void perform(Operation operation, Path path, FileAction action) throws IOException {
    boolean last = begin(operation, path);
    action.run();
    if (last) {
      throw new PowerCut();
    }
  }

  private final class FaultyFile implements StoredFile {
    private final Path path;
    private final StoredFile file;
    private final DiskModel.Content content;
    private final int startedIn = start;

    FaultyFile(Path path, StoredFile file, DiskModel.Content content) {
      this.path = path;
      this.file = file;
      this.content = content;
    }

    private void requirePower() throws IOException {
      if (startedIn != start) {
        throw new PowerCut();
      }
    }

    @Override
    public void write(ByteBuffer bytes, long position) throws IOException {
      synchronized (FaultySegmentFiles.this) {
        requirePower();
        boolean last = begin(Operation.WRITE, path);
        long growth = Math.max(0, position + bytes.remaining() - content.length);
        long room = Math.max(0, capacity - model.usedBytes());
        int fits = (int) Math.min(bytes.remaining(), bytes.remaining() - growth + room);
        ByteBuffer part = bytes.slice(bytes.position(), Math.max(0, fits));
        byte[] copy = new byte[part.remaining()];
        part.duplicate().get(copy);
        file.write(part, position);
        model.written(content, position, copy);
        if (last) {
          throw new PowerCut();
        }
        if (copy.length < bytes.remaining()) {
          throw new IOException("No space left on device");
        }
        bytes.position(bytes.limit());
      }
    }

    @Override
    public void read(ByteBuffer target, long position) throws IOException {
      synchronized (FaultySegmentFiles.this) {
        requirePower();
        begin(Operation.READ, path);
      }
      file.read(target, position);
    }

    @Override
    public void force() throws IOException {
      synchronized (FaultySegmentFiles.this) {
        requirePower();
        try {
          if (begin(Operation.FORCE, path)) {
            throw new PowerCut();
          }
        } catch (PowerCut e) {
          throw e;
        } catch (IOException e) {
          model.forceFailed(content);
          throw e;
        }
        model.forced(content);
      }
    }

    @Override
    public void truncate(long length) throws IOException {
      synchronized (FaultySegmentFiles.this) {
        requirePower();
        perform(
            Operation.TRUNCATE,
            path,
            () -> {
              file.truncate(length);
              model.truncated(content, length);
            });
      }
    }

    @Override
    public long length() throws IOException {
      synchronized (FaultySegmentFiles.this) {
        requirePower();
        begin(Operation.READ, path);
      }
      return file.length();
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }

  // --- SegmentFiles

  @Override
  public synchronized StoredFile create(Path file) throws IOException {
    boolean last = begin(Operation.CREATE, file);
    StoredFile created = real.create(file);
    DiskModel.Content content = model.created(file);
    if (last) {
      created.close();
      throw new PowerCut();
    }
    return new FaultyFile(file, created, content);
  }

  @Override
  public synchronized StoredFile open(Path file) throws IOException {
    begin(Operation.OPEN, file);
    StoredFile opened = real.open(file);
    return new FaultyFile(file, opened, model.existing(file));
  }

  @Override
  public synchronized FileChannel openForReading(Path file) throws IOException {
    begin(Operation.OPEN_FOR_READING, file);
    return new WatchedChannel(
        real.openForReading(file),
        () -> {
          synchronized (this) {
            begin(Operation.READ, file);
          }
        });
  }

  @Override
  public synchronized void rename(Path from, Path to) throws IOException {
    perform(
        Operation.RENAME,
        from,
        () -> {
          know(from);
          know(to);
          real.rename(from, to);
          model.renamed(from, to);
        });
  }

  @Override
  public synchronized void delete(Path file) throws IOException {
    perform(
        Operation.DELETE,
        file,
        () -> {
          know(file);
          real.delete(file);
          model.deleted(file);
        });
  }

  private void know(Path file) throws IOException {
    if (Files.isRegularFile(file)) {
      model.existing(file);
    }
  }

  @Override
  public synchronized void createDirectories(Path directory) throws IOException {
    perform(
        Operation.CREATE_DIRECTORIES,
        directory,
        () -> {
          List<Path> missing = new ArrayList<>();
          Path each = directory;
          while (each != null && !Files.isDirectory(each)) {
            missing.add(each);
            each = each.getParent();
          }
          real.createDirectories(directory);
          missing.reversed().forEach(model::directoryCreated);
        });
  }

  @Override
  public synchronized void forceDirectory(Path directory) throws IOException {
    if (begin(Operation.FORCE_DIRECTORY, directory)) {
      throw new PowerCut();
    }
    model.directoryForced(directory);
  }

  @Override
  public synchronized List<Path> list(Path directory) throws IOException {
    begin(Operation.LIST, directory);
    return real.list(directory);
  }

  @Override
  public synchronized long usableBytes(Path directory) throws IOException {
    begin(Operation.USABLE_BYTES, directory);
    return capacity == Long.MAX_VALUE
        ? real.usableBytes(directory)
        : Math.max(0, capacity - model.usedBytes());
  }
}
