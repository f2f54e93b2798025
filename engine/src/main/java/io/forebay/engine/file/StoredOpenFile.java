package io.forebay.engine.file;

import io.forebay.ambient.Invariant;
import io.forebay.engine.ByteRange;
import io.forebay.engine.Caller;
import io.forebay.engine.Durability;
import io.forebay.engine.EngineException;
import io.forebay.engine.ErrorCode;
import io.forebay.engine.FileAttributes;
import io.forebay.engine.FileSystem;
import io.forebay.engine.InodeId;
import io.forebay.engine.OpenAccess;
import io.forebay.engine.OpenFile;
import io.forebay.engine.Payload;
import io.forebay.engine.ReadResult;
import io.forebay.engine.Stability;
import io.forebay.engine.cache.Readahead;
import io.forebay.engine.cache.SegmentReader.Intent;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/** A file held open through one view. An operation under way keeps it so. Thread-safe. */
final class StoredOpenFile implements OpenFile {
  private final FileLayer layer;
  private final LiveFile live;
  private final Caller caller;
  private final OpenAccess access;
  private final Durability durability;
  private final ReentrantLock lock = new ReentrantLock();
  private final Readahead readahead = Readahead.standard();
  private int active;
  private boolean closed;

  /** Takes over a hold of the inode and a use of the live file. */
  StoredOpenFile(
      FileLayer layer, LiveFile live, Caller caller, OpenAccess access, Durability durability) {
    this.layer = layer;
    this.live = live;
    this.caller = caller;
    this.access = access;
    this.durability = durability;
    if (access.writes()) {
      live.requireLevel(durability);
    }
  }

  @Override
  public InodeId inode() {
    return live.id();
  }

  @Override
  public OpenAccess access() {
    return access;
  }

  LiveFile live() {
    return live;
  }

  @Override
  public ReadResult read(long offset, int length) {
    if (offset < 0 || length < 0 || length > FileSystem.MAX_TRANSFER) {
      throw new EngineException(ErrorCode.INVALID_ARGUMENT, "not a range to read");
    }
    require(access.reads(), "not open for reading");
    return during(() -> {
      long size = live.size();
      if (offset >= size || length == 0) {
        return new ReadResult(Payload.EMPTY, offset >= size);
      }
      Intent intent = noteRead(offset, (int) Math.min(length, size - offset), size);
      return layer.reader().read(live, offset, length, intent);
    });
  }

  private Intent noteRead(long offset, int length, long size) {
    Optional<Readahead.Range> ahead;
    Intent intent;
    lock.lock();
    try {
      ahead = readahead.onRead(offset, length, size);
      intent = readahead.intent();
    } finally {
      lock.unlock();
    }
    ahead.ifPresent(range ->
        layer
            .reader()
            .prefetch(
                live,
                loaded ->
                    live.find(range.offset(), FileReader.prefetchLength(range.length()), loaded)));
    return intent;
  }

  @Override
  public FileAttributes write(long offset, ByteBuffer data, Stability stability) {
    require(access.writes(), "not open for writing");
    layer.requireWritable();
    return during(() -> {
      layer.attributes().dropLentRights(caller, live);
      FileAttributes after = layer.writer().write(live, offset, data);
      data.position(data.limit());
      if (stability == Stability.DURABLE) {
        layer.commits().commit(live, durability);
        layer.acknowledge(live.id(), durability);
        return live.visible();
      }
      return after;
    });
  }

  @Override
  public OptionalLong seekData(long offset) {
    return seek(offset, true);
  }

  @Override
  public OptionalLong seekHole(long offset) {
    return seek(offset, false);
  }

  private OptionalLong seek(long offset, boolean data) {
    if (offset < 0) {
      throw new EngineException(ErrorCode.INVALID_ARGUMENT, "not an offset");
    }
    require(access.reads() || access.writes(), "not open");
    return during(() -> {
      long found = layer.reader().seek(live, offset, data);
      return found == DataSearch.NONE ? OptionalLong.empty() : OptionalLong.of(found);
    });
  }

  @Override
  public FileAttributes allocate(ByteRange range) {
    if (range.length() == 0) {
      throw new EngineException(ErrorCode.INVALID_ARGUMENT, "nothing to allocate");
    }
    if (range.end() > FileSystem.MAX_FILE_SIZE) {
      throw new EngineException(ErrorCode.FILE_TOO_LARGE, "a file ends at 2^57 bytes");
    }
    return rewrite(
        (tx, size) -> Math.max(size, range.end()), () -> layer.space().requireRoom(range.length()));
  }

  @Override
  public FileAttributes punch(ByteRange range) {
    return rewrite(
        (tx, size) -> {
          tx.punch(live.id(), range.offset(), Math.min(size, range.end()));
          return size;
        },
        () -> {});
  }

  private FileAttributes rewrite(Commits.Rewrite rewrite, Runnable check) {
    requireChangeable();
    return during(() -> {
      check.run();
      layer.attributes().dropLentRights(caller, live);
      layer.commits().rewrite(live, durability, rewrite);
      layer.acknowledge(live.id(), durability);
      return live.visible();
    });
  }

  private void requireChangeable() {
    require(access.writes(), "not open for writing");
    layer.requireWritable();
  }

  @Override
  public long copyFrom(OpenFile source, ByteRange from, long offset, int maxExtents) {
    if (!(source instanceof StoredOpenFile other) || !other.layer.equals(layer)) {
      throw new EngineException(ErrorCode.INVALID_ARGUMENT, "a file of another volume");
    }
    requireChangeable();
    other.require(other.access.reads(), "not open for reading");
    return during(() -> {
      layer.attributes().dropLentRights(caller, live);
      long done =
          other.during(() ->
              layer.sharedRanges().share(other.live, from, live, offset, maxExtents, durability));
      // What is shared may have been committed at the other level.
      layer.acknowledge(live.id(), durability);
      return done;
    });
  }

  @Override
  public void prefetch(ByteRange range) {
    require(access.reads(), "not open for reading");
    during(() -> {
      int length = FileReader.prefetchLength(range.length());
      layer.reader().prefetch(live, loaded -> live.find(range.offset(), length, loaded));
      return true;
    });
  }

  @Override
  public void commit() {
    during(() -> {
      layer.commits().commit(live, durability);
      layer.acknowledge(live.id(), durability);
      return true;
    });
  }

  private void require(boolean allowed, String message) {
    if (!allowed) {
      throw new EngineException(ErrorCode.ACCESS_DENIED, live.id() + " is " + message);
    }
  }

  private <T> T during(Supplier<T> operation) {
    lock.lock();
    try {
      if (closed) {
        throw new EngineException(ErrorCode.STALE, live.id() + " was closed");
      }
      active++;
    } finally {
      lock.unlock();
    }
    try {
      return operation.get();
    } finally {
      end();
    }
  }

  private void end() {
    boolean last;
    lock.lock();
    try {
      active--;
      last = closed && active == 0;
    } finally {
      lock.unlock();
    }
    if (last) {
      layer.letGo(live);
    }
  }

  @Override
  public void close() {
    boolean last;
    lock.lock();
    try {
      Invariant.check(active >= 0, "operations end once");
      last = !closed && active == 0;
      closed = true;
    } finally {
      lock.unlock();
    }
    if (last) {
      layer.letGo(live);
    }
  }
}
