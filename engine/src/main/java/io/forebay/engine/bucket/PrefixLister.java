package io.forebay.engine.bucket;

import io.forebay.engine.Caller;
import io.forebay.engine.FileAttributes;
import io.forebay.engine.InodeId;
import io.forebay.engine.ListRequest;
import io.forebay.engine.ObjectKey;
import io.forebay.engine.ObjectListing;
import io.forebay.engine.ObjectListing.CommonPrefix;
import io.forebay.engine.ObjectListing.Item;
import io.forebay.engine.ObjectListing.Listed;
import io.forebay.engine.Permission;
import io.forebay.engine.bucket.KeyPath.Step;
import io.forebay.engine.file.FileContents;
import io.forebay.engine.file.Permissions;
import io.forebay.engine.metadata.Entries;
import io.forebay.engine.metadata.Entries.WithObject;
import io.forebay.engine.metadata.Inode;
import io.forebay.engine.metadata.MetadataStore;
import io.forebay.engine.metadata.Objects;
import io.forebay.engine.metadata.Snapshot;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One page of a listing: a walk of the tree, depth first in the order of keys, that begins at the
 * first key of the page and ends with its last. A directory costs a statement a page of its
 * entries. What a rolled-up prefix covers is not walked but passed over.
 *
 * <p>A walk that meets many entries that are no objects gives the reader's connection back now and
 * then, and goes on from the same key in a later snapshot.
 */
final class PrefixLister {
  /** Entries looked at in one snapshot. */
  private static final int ROWS_PER_SNAPSHOT = 10_000;

  private static final byte[] SLASH = {'/'};

  private final MetadataStore store;
  private final FileContents contents;
  private final Caller caller;
  private final ListRequest request;
  private final byte[] prefix;
  private final byte[] delimiter;
  private final byte[] after;
  private final boolean byDirectory;
  private final Deque<Frame> stack = new ArrayDeque<>();
  private final List<Item> items = new ArrayList<>();
  private byte[] from;
  private int rows;
  private boolean truncated;
  private boolean done;

  PrefixLister(MetadataStore store, FileContents contents, Caller caller, ListRequest request) {
    this.store = store;
    this.contents = contents;
    this.caller = caller;
    this.request = request;
    this.prefix = KeyBytes.of(request.prefix());
    this.delimiter = KeyBytes.of(request.delimiter());
    this.after = KeyBytes.of(request.after());
    this.byDirectory = Arrays.equals(delimiter, SLASH);
    byte[] next = after.length == 0 ? KeyBytes.EMPTY : KeyBytes.next(after);
    this.from = Arrays.compareUnsigned(next, prefix) > 0 ? next : prefix;
  }

  /** Where a prefix ends its last whole directory: 0, or after a slash. */
  static int directoryLength(String prefix) {
    return prefix.lastIndexOf('/') + 1;
  }

  /**
   * Lists.
   *
   * @param base the directory that all keys with the prefix are below
   */
  ObjectListing list(Step base) {
    int skipped =
        KeyBytes.of(request.prefix().substring(0, directoryLength(request.prefix()))).length;
    byte[] path = Arrays.copyOf(prefix, skipped);
    done = request.limit() <= 0 || !KeyBytes.startsWith(from, prefix);
    boolean marked = path.length > 0 && Arrays.equals(path, prefix);
    Optional<Objects.Row> marker =
        marked && !done && Arrays.equals(path, from)
            ? store.object(base.inode().id())
            : Optional.empty();
    while (!done) {
      store.read(snapshot -> walk(snapshot, base.inode(), path, marker));
    }
    return new ObjectListing(items, truncated);
  }

  /** Walks on from {@link #from} until the page is full, the keys are at an end, or it is late. */
  private boolean walk(Snapshot snapshot, Inode base, byte[] path, Optional<Objects.Row> marker) {
    rows = 0;
    stack.clear();
    enter(base, path, marker);
    while (!done && rows < ROWS_PER_SNAPSHOT) {
      Frame frame = stack.peek();
      if (frame == null) {
        done = true;
      } else {
        WithObject next = frame.next(snapshot);
        if (next == null) {
          stack.pop();
        } else {
          rows++;
          visit(frame, next);
        }
      }
    }
    return done;
  }

  /** A directory, its own object first. */
  private void enter(Inode directory, byte[] path, Optional<Objects.Row> marker) {
    boolean listed =
        path.length > 0
            && marker.isPresent()
            && KeyBytes.startsWith(path, prefix)
            && Arrays.compareUnsigned(path, from) >= 0;
    stack.push(new Frame(directory.id(), path));
    if (listed) {
      object(path, directory, marker);
    }
  }

  private void visit(Frame frame, WithObject row) {
    byte[] path = KeyBytes.join(frame.path, Frame.sortKey(row));
    if (!KeyBytes.startsWith(path, prefix)) {
      // The walk began at the prefix, so this is beyond it.
      done = true;
      return;
    }
    if (path.length <= ObjectKey.MAX_BYTES && row.entry().name().isUtf8()) {
      switch (row.entry().type()) {
        case DIRECTORY -> directory(path, row);
        case REGULAR -> object(path, row.inode(), row.object());
        case SYMLINK, FIFO, SOCKET, CHARACTER_DEVICE, BLOCK_DEVICE -> {
          // No objects.
        }
      }
    }
    byte[] next = KeyBytes.next(path);
    from = Arrays.compareUnsigned(next, from) > 0 ? next : from;
  }

  private void directory(byte[] path, WithObject row) {
    if (byDirectory) {
      rollUp(path);
    } else if (mayList(row.inode().attributes())) {
      enter(row.inode(), path, row.object());
    } else if (row.object().isPresent() && Arrays.compareUnsigned(path, from) >= 0) {
      object(path, row.inode(), row.object());
    }
  }

  private boolean mayList(FileAttributes directory) {
    return Permissions.allows(caller, directory, Permission.READ)
        && Permissions.allows(caller, directory, Permission.EXECUTE);
  }

  private void object(byte[] key, Inode inode, Optional<Objects.Row> row) {
    int at = delimiter.length == 0 ? -1 : KeyBytes.indexOf(key, delimiter, prefix.length);
    if (at >= 0) {
      rollUp(Arrays.copyOf(key, at + delimiter.length));
      return;
    }
    ObjectKey objectKey = ObjectKey.of(KeyBytes.text(key));
    if (admit()) {
      items.add(new Listed(ObjectLookup.info(objectKey, contents.attributes(inode), row)));
    }
  }

  /** Lists a rolled-up prefix, unless the page before had it, and passes over what it covers. */
  private void rollUp(byte[] common) {
    if (Arrays.compareUnsigned(common, after) > 0) {
      if (!admit()) {
        return;
      }
      items.add(new CommonPrefix(KeyBytes.text(common)));
    }
    from = KeyBytes.afterAll(common);
    while (!stack.isEmpty() && KeyBytes.startsWith(stack.peek().path, common)) {
      stack.pop();
    }
    if (!stack.isEmpty()) {
      stack.peek().seek();
    }
  }

  /** Whether the page takes one more; one too many ends it. */
  private boolean admit() {
    if (items.size() == request.limit()) {
      truncated = true;
      done = true;
    }
    return !done;
  }

  /** Where the walk is in a directory. */
  private final class Frame {
    private final InodeId directory;
    private final byte[] path;
    private List<WithObject> page = List.of();
    private int index;
    private byte[] bound;
    private int pageSize;
    private boolean exhausted;

    Frame(InodeId directory, byte[] path) {
      this.directory = directory;
      this.path = path;
      this.bound = boundHere();
      // On the way down to where a page begins, the first entry leads further.
      this.pageSize = bound.length > 0 && bound[bound.length - 1] == '/' ? 2 : wanted();
    }

    /** One more than the page still takes, to know whether there is more. */
    private int wanted() {
      return request.limit() - items.size() + 1;
    }

    /** The least sort key here that can lead to keys at or above {@link #from}. */
    private byte[] boundHere() {
      if (!KeyBytes.startsWith(from, path)) {
        return KeyBytes.EMPTY;
      }
      byte[] rest = KeyBytes.after(from, path);
      int slash = KeyBytes.indexOf(rest, (byte) '/');
      return slash < 0 ? rest : Arrays.copyOf(rest, slash + 1);
    }

    /** Goes forward to {@link #from}. */
    void seek() {
      byte[] here = boundHere();
      bound = Arrays.compareUnsigned(here, bound) > 0 ? here : bound;
      while (index < page.size() && Arrays.compareUnsigned(sortKey(page.get(index)), here) < 0) {
        index++;
      }
    }

    @Nullable WithObject next(Snapshot snapshot) {
      if (index == page.size() && !exhausted) {
        page = snapshot.entries().listBySortKey(directory, bound, pageSize);
        index = 0;
        exhausted = page.size() < pageSize;
        pageSize = wanted();
        if (!page.isEmpty()) {
          bound = KeyBytes.next(sortKey(page.getLast()));
        }
      }
      return index < page.size() ? page.get(index++) : null;
    }

    private static byte[] sortKey(WithObject row) {
      return Entries.sortKey(row.entry().name(), row.entry().type());
    }
  }
}
