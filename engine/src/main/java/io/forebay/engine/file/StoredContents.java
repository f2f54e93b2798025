package io.forebay.engine.file;

import io.forebay.engine.Durability;
import io.forebay.engine.EngineException;
import io.forebay.engine.ErrorCode;
import io.forebay.engine.FileAttributes;
import io.forebay.engine.FileSystem;
import io.forebay.engine.InodeId;
import io.forebay.engine.Payload;
import io.forebay.engine.cache.SegmentReader.Intent;
import io.forebay.engine.metadata.Inode;
import java.util.concurrent.atomic.AtomicBoolean;

/** Pins the content of files. Thread-safe. */
final class StoredContents implements FileContents {
  private final FileLayer layer;

  StoredContents(FileLayer layer) {
    this.layer = layer;
  }

  @Override
  public PinnedContent pin(InodeId inode) {
    return pin(layer.hold(inode, Namespace::requireRegular));
  }

  @Override
  public PinnedContent pinVersion(InodeId inode) {
    return pin(layer.holdNameless(inode));
  }

  private PinnedContent pin(LiveFile live) {
    boolean pinned = false;
    try {
      FilePin pin = new FilePin(layer.pins());
      live.pin(pin);
      pinned = true;
      return new Pinned(live, pin);
    } finally {
      if (!pinned) {
        layer.letGo(live);
      }
    }
  }

  @Override
  public void commit(InodeId inode) {
    LiveFile live;
    try {
      live = layer.hold(inode, any -> {});
    } catch (EngineException e) {
      if (Commits.isGone(e)) {
        return;
      }
      throw e;
    }
    try {
      layer.commits().commit(live, Durability.LOCAL);
    } finally {
      layer.letGo(live);
    }
  }

  @Override
  public FileAttributes attributes(Inode committed) {
    return layer.files().visible(committed);
  }

  /** Holds the inode, uses the live file, and is noted by it. */
  private final class Pinned implements PinnedContent {
    private final LiveFile live;
    private final FilePin pin;
    private final AtomicBoolean closed = new AtomicBoolean();

    Pinned(LiveFile live, FilePin pin) {
      this.live = live;
      this.pin = pin;
    }

    @Override
    public FileAttributes attributes() {
      return pin.attributes();
    }

    @Override
    public Payload read(long offset, int length, Intent intent) {
      if (offset < 0 || length < 0 || length > FileSystem.MAX_TRANSFER) {
        throw new EngineException(ErrorCode.INVALID_ARGUMENT, "not a range to read");
      }
      long size = pin.attributes().size();
      if (offset >= size || length == 0) {
        return Payload.EMPTY;
      }
      long end = Math.min(size, offset + length);
      return layer.reader().readPinned(live, pin, offset, end, intent);
    }

    @Override
    public void prefetch(long offset, long length) {
      long end = Math.min(pin.attributes().size(), offset + FileReader.prefetchLength(length));
      if (offset >= 0 && offset < end) {
        layer.reader().prefetch(live, loaded -> pin.find(live, offset, end, loaded));
      }
    }

    @Override
    public void close() {
      if (closed.compareAndSet(false, true)) {
        live.unpin(pin);
        pin.end();
        layer.letGo(live);
      }
    }
  }
}
