package io.forebay.engine.bucket;

import io.forebay.engine.BucketName;
import io.forebay.engine.Caller;
import io.forebay.engine.InodeId;
import io.forebay.engine.ListRequest;
import io.forebay.engine.ObjectInfo;
import io.forebay.engine.ObjectKey;
import io.forebay.engine.ObjectListing;
import io.forebay.engine.VersionId;
import io.forebay.engine.VersionListing;
import io.forebay.engine.VersionListing.CommonPrefix;
import io.forebay.engine.VersionListing.Item;
import io.forebay.engine.VersionListing.Marker;
import io.forebay.engine.VersionListing.Version;
import io.forebay.engine.file.FileContents;
import io.forebay.engine.metadata.MetadataStore;
import io.forebay.engine.metadata.Versions;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * One page of versions: the listing of what is current and the rows of what is not, both in the
 * order of keys, merged. Each is read a page at a time; what a rolled-up prefix covers is passed
 * over.
 */
final class VersionLister {
  private static final int MAX_PAGE = 1000;

  private final MetadataStore store;
  private final Listings listings;
  private final Caller caller;
  private final BucketName bucket;
  private final InodeId directory;
  private final String prefix;
  private final byte[] prefixBytes;
  private final String delimiter;
  private final List<Item> items = new ArrayList<>();
  private final Deque<ObjectListing.Item> current = new ArrayDeque<>();
  private final Deque<Versions.Row> rows = new ArrayDeque<>();
  private String currentAfter = "";
  private boolean currentDone;
  private byte[] rowsKey = KeyBytes.EMPTY;
  private long rowsSeq = Long.MIN_VALUE;
  private boolean rowsDone;
  private int limit;

  VersionLister(
      MetadataStore store,
      FileContents contents,
      Caller caller,
      BucketName bucket,
      InodeId directory,
      String prefix,
      String delimiter) {
    this.store = store;
    this.listings = new Listings(store, contents);
    this.caller = caller;
    this.bucket = bucket;
    this.directory = directory;
    this.prefix = prefix;
    this.prefixBytes = KeyBytes.of(prefix);
    this.delimiter = delimiter;
  }

  VersionListing list(String afterKey, Optional<VersionId> afterVersion, int most) {
    limit = KeyBytes.isWellFormed(prefix) ? Math.clamp(most, 0, MAX_PAGE) : 0;
    begin(KeyBytes.of(afterKey), afterKey, afterVersion);
    boolean latestIsCurrent = false;
    byte[] lastKey = afterVersion.isPresent() ? KeyBytes.of(afterKey) : KeyBytes.EMPTY;
    while (limit > 0 && items.size() <= limit) {
      ObjectListing.Item object = nextCurrent();
      Versions.Row row = nextRow();
      if (object == null && row == null) {
        break;
      }
      byte[] objectKey = object == null ? KeyBytes.EMPTY : KeyBytes.of(object.key());
      if (row != null && rolledUp(row.key()).isPresent()) {
        String common = rolledUp(row.key()).get();
        if (object == null || Arrays.compareUnsigned(KeyBytes.of(common), objectKey) <= 0) {
          addPrefix(common, afterKey);
          passOver(common);
          continue;
        }
      }
      if (object != null && (row == null || Arrays.compareUnsigned(objectKey, row.key()) <= 0)) {
        current.poll();
        currentAfter = object.key();
        switch (object) {
          case ObjectListing.Listed(ObjectInfo info) -> {
            items.add(new Version(info, true));
            lastKey = objectKey;
          }
          case ObjectListing.CommonPrefix(String common) -> {
            addPrefix(common, afterKey);
            passOver(common);
          }
        }
      } else if (row != null) {
        rows.poll();
        rowsKey = row.key();
        rowsSeq = row.seq();
        latestIsCurrent = Arrays.equals(lastKey, row.key());
        lastKey = row.key();
        items.add(item(row, !latestIsCurrent));
      }
    }
    boolean truncated = limit > 0 && items.size() > limit;
    return new VersionListing(truncated ? items.subList(0, limit) : items, truncated);
  }

  private void begin(byte[] after, String afterKey, Optional<VersionId> afterVersion) {
    currentAfter = afterKey;
    rowsKey = after.length == 0 ? prefixBytes : after;
    rowsSeq = after.length == 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
    if (after.length > 0 && Arrays.compareUnsigned(after, prefixBytes) < 0) {
      rowsKey = prefixBytes;
      rowsSeq = Long.MIN_VALUE;
    } else if (after.length > 0 && afterVersion.isPresent()) {
      // The version that was current has no row: all the key's rows follow it.
      rowsSeq =
          store
              .read(snapshot ->
                  snapshot.versions().find(directory, after, afterVersion.get().number()))
              .map(Versions.Row::seq)
              .orElse(Long.MIN_VALUE);
    } else if (!delimiter.isEmpty() && afterKey.endsWith(delimiter)) {
      // The page before ended with what was rolled up.
      rowsKey = KeyBytes.afterAll(after);
      rowsSeq = Long.MIN_VALUE;
    }
  }

  private ObjectListing.@org.jspecify.annotations.Nullable Item nextCurrent() {
    if (current.isEmpty() && !currentDone) {
      ObjectListing page =
          listings.list(caller, bucket, new ListRequest(prefix, delimiter, currentAfter, wanted()));
      current.addAll(page.items());
      currentDone = !page.truncated();
    }
    return current.peek();
  }

  private Versions.@org.jspecify.annotations.Nullable Row nextRow() {
    if (rows.isEmpty() && !rowsDone) {
      int wanted = wanted();
      List<Versions.Row> page =
          store.read(snapshot -> snapshot.versions().after(directory, rowsKey, rowsSeq, wanted));
      page.stream()
          .takeWhile(row -> KeyBytes.startsWith(row.key(), prefixBytes))
          .forEach(rows::add);
      rowsDone = rows.size() < wanted;
    }
    return rows.peek();
  }

  private int wanted() {
    return Math.min(MAX_PAGE, limit - items.size() + 1);
  }

  private Optional<String> rolledUp(byte[] key) {
    if (delimiter.isEmpty()) {
      return Optional.empty();
    }
    byte[] mark = KeyBytes.of(delimiter);
    int at = KeyBytes.indexOf(key, mark, prefixBytes.length);
    return at < 0
        ? Optional.empty()
        : Optional.of(KeyBytes.text(Arrays.copyOf(key, at + mark.length)));
  }

  private void addPrefix(String common, String afterKey) {
    boolean before = !items.isEmpty() && items.getLast().key().equals(common);
    boolean listed = Arrays.compareUnsigned(KeyBytes.of(common), KeyBytes.of(afterKey)) <= 0;
    if (!before && !listed) {
      items.add(new CommonPrefix(common));
    }
  }

  private void passOver(String common) {
    byte[] covered = KeyBytes.of(common);
    while (!current.isEmpty() && KeyBytes.startsWith(KeyBytes.of(current.peek().key()), covered)) {
      currentAfter = current.poll().key();
    }
    rows.removeIf(row -> KeyBytes.startsWith(row.key(), covered));
    if (rows.isEmpty()) {
      rowsKey = KeyBytes.afterAll(covered);
      rowsSeq = Long.MIN_VALUE;
    }
  }

  private Item item(Versions.Row row, boolean latest) {
    VersionId version = new VersionId(row.version());
    if (row.isMarker()) {
      return new Marker(KeyBytes.text(row.key()), version, row.modifyNanos(), row.uid(), latest);
    }
    ObjectKey key = ObjectKey.of(KeyBytes.text(row.key()));
    InodeId inode = row.inode().orElseThrow();
    ObjectInfo info =
        store.read(snapshot ->
            ObjectLookup.info(
                key,
                snapshot.inode(inode).orElseThrow(ObjectLookup::notFound).attributes(),
                snapshot.objects().find(inode)));
    return new Version(info, latest);
  }
}
