package io.forebay.engine.object;

import io.forebay.ambient.TimeSource;
import io.forebay.engine.object.StoreException.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A bucket in a local directory: the embedded default. An object is a file of its key's name; it is
 * written beside, in {@code ~incoming} (no key contains a tilde), forced, renamed into place, and
 * its directory forced, so that it is there whole or not at all, also after a power cut.
 *
 * <p>A version is the file's inode number, size and modification time; the time is set by us and
 * never the same twice in a process.
 */
public final class DirectoryObjectStore implements ObjectStore {
  private static final String INCOMING = "~incoming";
  private static final String LOCK = "~lock";

  private final Path root;
  private final Path incoming;
  private final TimeSource time;
  private final AtomicLong lastStamp = new AtomicLong();
  private final AtomicLong temporaries = new AtomicLong();
  private final ReentrantLock exclusive = new ReentrantLock();

  /** Directories whose names this process has forced. */
  private final Set<Path> durable = ConcurrentHashMap.newKeySet();

  /**
   * Opens, and creates where missing.
   *
   * @param root the bucket's directory
   * @throws StoreException {@link Kind#REFUSED}
   */
  public DirectoryObjectStore(Path root, TimeSource time) {
    this.root = root.toAbsolutePath().normalize();
    this.incoming = this.root.resolve(INCOMING);
    this.time = time;
    try {
      DurableDirectories.create(incoming);
      durable.add(this.root);
      // Left behind by a crash. A second process on the same bucket is kept out by the lease.
      try (DirectoryStream<Path> left = Files.newDirectoryStream(incoming)) {
        for (Path file : left) {
          Files.deleteIfExists(file);
        }
      }
    } catch (IOException e) {
      throw new StoreException(Kind.REFUSED, "cannot use the directory " + root + ": " + e, e);
    }
  }

  @Override
  public String put(String key, Body body) {
    KeySyntax.check(key);
    KeySyntax.checkLength(body.length());
    try {
      return publish(key, writeTemporary(body));
    } catch (IOException e) {
      throw failed("put", key, e);
    }
  }

  @Override
  public String putIf(String key, ByteBuffer body, Optional<String> expected) {
    KeySyntax.check(key);
    KeySyntax.checkLength(body.remaining());
    exclusive.lock();
    try (FileChannel lockFile =
            FileChannel.open(
                root.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock held = lock(lockFile)) {
      Optional<String> present = stat(key).map(Stat::version);
      if (!held.isValid() || !present.equals(expected)) {
        throw new StoreException(Kind.CONFLICT, key + " has another version: " + present);
      }
      return publish(key, writeTemporary(Body.of(body)));
    } catch (IOException e) {
      throw failed("putIf", key, e);
    } finally {
      exclusive.unlock();
    }
  }

  /** Another store in this JVM makes {@code lock} throw where another process makes it wait. */
  private static FileLock lock(FileChannel channel) throws IOException {
    while (true) {
      try {
        return channel.lock();
      } catch (OverlappingFileLockException e) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
        if (Thread.interrupted()) {
          Thread.currentThread().interrupt();
          throw new IOException("interrupted while waiting for the lock", e);
        }
      }
    }
  }

  private Path writeTemporary(Body body) throws IOException {
    Path file =
        incoming.resolve(
            ProcessHandle.current().pid()
                + "-"
                + Long.toHexString(System.identityHashCode(this))
                + "-"
                + temporaries.incrementAndGet());
    boolean complete = false;
    try (InputStream in = body.open();
        FileChannel out =
            FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      long copied = in.transferTo(Channels.newOutputStream(out));
      if (copied != body.length()) {
        throw new StoreException(
            Kind.CORRUPT, "a body had " + copied + " bytes instead of " + body.length());
      }
      Files.setLastModifiedTime(file, FileTime.from(nextStamp(), TimeUnit.NANOSECONDS));
      out.force(true);
      complete = true;
      return file;
    } finally {
      if (!complete) {
        Files.deleteIfExists(file);
      }
    }
  }

  private long nextStamp() {
    long now = time.epochNanos();
    return lastStamp.updateAndGet(last -> Math.max(last + 1, now));
  }

  private String publish(String key, Path temporary) throws IOException {
    Path target = root.resolve(key);
    Path parent = parentOf(target);
    try {
      makeDurable(parent);
      String version = version(attributes(temporary));
      Files.move(
          temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      forceMoved(key, parent);
      return version;
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  /**
   * Returns when a directory is there and its name durable. Whether it is there already says
   * nothing: another thread, or another process that died, may have made it a moment ago.
   */
  private void makeDurable(Path directory) throws IOException {
    if (durable.contains(directory)) {
      return;
    }
    Path parent = parentOf(directory);
    makeDurable(parent);
    DurableDirectories.createBelow(parent, directory);
    durable.add(directory);
  }

  /** The name has changed already: a failure here leaves open which one the disk will keep. */
  private static void forceMoved(String key, Path directory) {
    try {
      DurableDirectories.force(directory);
    } catch (IOException e) {
      throw new StoreException(
          Kind.AMBIGUOUS, key + " is in place, its directory could not be forced: " + e, e);
    }
  }

  private static Path parentOf(Path path) {
    Path parent = path.getParent();
    if (parent == null) {
      throw new StoreException(Kind.REFUSED, path + " has no parent directory");
    }
    return parent;
  }

  @Override
  public void get(String key, long offset, ByteBuffer target) {
    KeySyntax.check(key);
    try (FileChannel channel = FileChannel.open(fileOf(key), StandardOpenOption.READ)) {
      long position = offset;
      while (target.hasRemaining()) {
        int n = channel.read(target, position);
        if (n < 0) {
          throw new StoreException(
              Kind.CORRUPT, key + " ends at " + channel.size() + ", before the range asked for");
        }
        position += n;
      }
    } catch (IOException e) {
      throw failed("get", key, e);
    }
  }

  @Override
  public Fetched fetch(String key, int maximum) {
    KeySyntax.check(key);
    Path file = fileOf(key);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      // The open file stays what it is; only its name may come to mean another one meanwhile.
      String before = version(attributes(file));
      long size = channel.size();
      if (size > maximum) {
        throw new StoreException(Kind.CORRUPT, key + " has " + size + " bytes, too many");
      }
      ByteBuffer bytes = ByteBuffer.allocate((int) size);
      while (bytes.hasRemaining() && channel.read(bytes, bytes.position()) >= 0) {
        // until full
      }
      if (!version(attributes(file)).equals(before) || bytes.hasRemaining()) {
        throw new StoreException(Kind.DOWN, key + " changed while it was read");
      }
      return new Fetched(bytes.flip(), before);
    } catch (IOException e) {
      throw failed("fetch", key, e);
    }
  }

  @Override
  public Optional<Stat> stat(String key) {
    KeySyntax.check(key);
    try {
      BasicFileAttributes found = attributes(root.resolve(key));
      return found.isRegularFile() ? Optional.of(statOf(key, found)) : Optional.empty();
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (FileSystemException e) {
      if (isBelowFile(e)) {
        return Optional.empty();
      }
      throw failed("stat", key, e);
    } catch (IOException e) {
      throw failed("stat", key, e);
    }
  }

  private Path fileOf(String key) {
    Path file = root.resolve(key);
    if (Files.isDirectory(file)) {
      throw new StoreException(Kind.MISSING, "no object " + key);
    }
    return file;
  }

  static Stat statOf(String key, BasicFileAttributes found) {
    return new Stat(
        key, found.size(), version(found), found.lastModifiedTime().to(TimeUnit.NANOSECONDS));
  }

  private static BasicFileAttributes attributes(Path file) throws IOException {
    return Files.readAttributes(file, BasicFileAttributes.class);
  }

  private static String version(BasicFileAttributes found) {
    return Integer.toHexString(String.valueOf(found.fileKey()).hashCode())
        + "-"
        + Long.toHexString(found.size())
        + "-"
        + Long.toHexString(found.lastModifiedTime().to(TimeUnit.NANOSECONDS));
  }

  @Override
  public void delete(String key) {
    KeySyntax.check(key);
    try {
      Path file = root.resolve(key);
      if (!Files.isDirectory(file)) {
        Files.deleteIfExists(file);
      }
    } catch (FileSystemException e) {
      if (!isBelowFile(e)) {
        throw failed("delete", key, e);
      }
    } catch (IOException e) {
      throw failed("delete", key, e);
    }
  }

  @Override
  public ListPage list(String prefix, String after, int limit) {
    KeySyntax.checkLimit(limit);
    try {
      List<Stat> found = new ArrayList<>();
      // One more than asked for tells whether there is more.
      new DirectoryWalk(root, prefix, after, limit + 1).collect(found);
      boolean truncated = found.size() > limit;
      return new ListPage(truncated ? found.subList(0, limit) : found, truncated);
    } catch (IOException e) {
      throw failed("list", prefix, e);
    }
  }

  private static boolean isBelowFile(FileSystemException e) {
    return e instanceof NotDirectoryException
        || (e.getReason() != null && e.getReason().contains("Not a directory"));
  }

  private static StoreException failed(String operation, String key, IOException e) {
    boolean reads = operation.equals("get") || operation.equals("fetch");
    if (reads
        && (e instanceof NoSuchFileException
            || (e instanceof FileSystemException f && isBelowFile(f)))) {
      return new StoreException(Kind.MISSING, "no object " + key, e);
    }
    String message = operation + " of " + key + " failed: " + e;
    String text = String.valueOf(e.getMessage());
    boolean refused =
        text.contains("No space left")
            || text.contains("quota exceeded")
            || text.contains("Permission denied")
            || text.contains("Read-only file system")
            || e instanceof AccessDeniedException
            || e instanceof FileAlreadyExistsException
            || text.contains("Is a directory")
            || text.contains("Not a directory");
    return new StoreException(refused ? Kind.REFUSED : Kind.DOWN, message, e);
  }

  @Override
  public String describe() {
    return "directory " + root;
  }

  @Override
  public void close() {
    // Nothing is held between calls.
  }
}
