package io.forebay.engine.bucket;

import io.forebay.engine.BucketInfo;
import io.forebay.engine.BucketName;
import io.forebay.engine.Caller;
import io.forebay.engine.EngineException;
import io.forebay.engine.ErrorCode;
import io.forebay.engine.FileName;
import io.forebay.engine.FileType;
import io.forebay.engine.InodeId;
import io.forebay.engine.Permission;
import io.forebay.engine.bucket.KeyPath.Step;
import io.forebay.engine.file.Permissions;
import io.forebay.engine.file.TreeEdits;
import io.forebay.engine.metadata.Entries;
import io.forebay.engine.metadata.Entries.WithObject;
import io.forebay.engine.metadata.Entry;
import io.forebay.engine.metadata.Inode;
import io.forebay.engine.metadata.MetadataStore;
import io.forebay.engine.metadata.Transaction;
import java.util.ArrayList;
import java.util.List;

/** The top-level directories with legal names. There is no list of buckets beside the tree. */
final class Buckets {
  private static final int PAGE = 1000;

  private final MetadataStore store;
  private final TreeEdits tree;
  private final Publication publication;

  Buckets(MetadataStore store, TreeEdits tree, Publication publication) {
    this.store = store;
    this.tree = tree;
    this.publication = publication;
  }

  private static BucketInfo info(BucketName name, Inode directory) {
    return new BucketInfo(name, directory.attributes());
  }

  List<BucketInfo> list(Caller caller) {
    Inode root =
        store
            .inode(InodeId.ROOT)
            .orElseThrow(() -> new EngineException(ErrorCode.CORRUPT, "the root is missing"));
    Permissions.require(caller, root.attributes(), Permission.READ);
    Permissions.require(caller, root.attributes(), Permission.EXECUTE);
    List<BucketInfo> buckets = new ArrayList<>();
    byte[] from = KeyBytes.EMPTY;
    List<WithObject> page;
    do {
      byte[] bound = from;
      page = store.read(snapshot -> snapshot.entries().listBySortKey(InodeId.ROOT, bound, PAGE));
      page.stream()
          .filter(row -> isVisible(caller, row))
          .forEach(
              row -> buckets.add(info(new BucketName(row.entry().name().toString()), row.inode())));
      from = page.isEmpty() ? from : KeyBytes.next(sortKey(page.getLast()));
    } while (page.size() == PAGE);
    // A directory sorts by its name and a slash, but "a-b" comes before "a/" as a key only.
    buckets.sort((a, b) -> a.name().value().compareTo(b.name().value()));
    return buckets;
  }

  private static byte[] sortKey(WithObject row) {
    return Entries.sortKey(row.entry().name(), row.entry().type());
  }

  private static boolean isVisible(Caller caller, WithObject row) {
    return row.entry().type() == FileType.DIRECTORY
        && row.entry().name().isUtf8()
        && BucketName.isLegal(row.entry().name().toString())
        && Permissions.allows(caller, row.inode().attributes(), Permission.EXECUTE);
  }

  BucketInfo get(Caller caller, BucketName bucket) {
    Step step = ObjectLookup.untorn(() -> KeyPath.bucket(TreeReader.of(store), caller, bucket));
    return info(bucket, step.inode());
  }

  BucketInfo create(Caller caller, BucketName bucket) {
    return store.write(tx -> {
      Inode root = tx.require(InodeId.ROOT);
      Permissions.require(caller, root.attributes(), Permission.EXECUTE);
      FileName name = FileName.of(bucket.value());
      if (tx.entry(InodeId.ROOT, name).isPresent()) {
        throw new EngineException(ErrorCode.BUCKET_EXISTS, "the name is taken");
      }
      Permissions.requireChange(caller, root.attributes());
      return info(
          bucket,
          tree.addChild(tx, InodeId.ROOT, name, publication.directory(tx, caller, root, false)));
    });
  }

  /** Returns what the bucket's directory was, for the uploads that were bound to it. */
  InodeId delete(Caller caller, BucketName bucket) {
    return store.write(tx -> {
      Step step = KeyPath.bucket(TreeReader.of(tx), caller, bucket);
      Inode root = tx.require(InodeId.ROOT);
      Permissions.requireChange(caller, root.attributes());
      Permissions.requireStickyRemoval(caller, root.attributes(), step.inode().attributes());
      removeImplicit(tx, step.inode().id());
      if (!tx.versions().isEmpty(step.inode().id())) {
        throw new EngineException(ErrorCode.BUCKET_NOT_EMPTY, "the bucket has versions");
      }
      tree.removeChild(tx, step.entry());
      return step.inode().id();
    });
  }

  /** Empties a directory that has nothing but implicit directories below, else refuses. */
  private void removeImplicit(Transaction tx, InodeId directory) {
    List<Entry> some;
    do {
      some = tx.entries().list(directory, 0, PAGE);
      for (Entry entry : some) {
        if (entry.type() != FileType.DIRECTORY || !tx.require(entry.inode()).implicit()) {
          throw new EngineException(ErrorCode.BUCKET_NOT_EMPTY, "the bucket is not empty");
        }
        removeImplicit(tx, entry.inode());
        tree.removeChild(tx, entry);
      }
    } while (!some.isEmpty());
  }
}
