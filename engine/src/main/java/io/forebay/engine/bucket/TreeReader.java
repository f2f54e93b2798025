package io.forebay.engine.bucket;

import io.forebay.engine.FileName;
import io.forebay.engine.InodeId;
import io.forebay.engine.metadata.Entry;
import io.forebay.engine.metadata.Inode;
import io.forebay.engine.metadata.MetadataStore;
import io.forebay.engine.metadata.Objects;
import io.forebay.engine.metadata.Snapshot;
import java.util.Optional;

/** What a walk along a key asks for: of the committed tree, or of a transaction's. */
interface TreeReader {
  Optional<Entry> entry(InodeId directory, FileName name);

  Optional<Inode> inode(InodeId id);

  Optional<Objects.Row> object(InodeId id);

  /**
   * As committed, from memory where it is there; each answer may be of another commit. Not to be
   * asked inside a query or transaction.
   */
  static TreeReader of(MetadataStore store) {
    return new TreeReader() {
      @Override
      public Optional<Entry> entry(InodeId directory, FileName name) {
        return store.entry(directory, name);
      }

      @Override
      public Optional<Inode> inode(InodeId id) {
        return store.inode(id);
      }

      @Override
      public Optional<Objects.Row> object(InodeId id) {
        return store.object(id);
      }
    };
  }

  /** As one snapshot has it, or a transaction. */
  static TreeReader of(Snapshot snapshot) {
    return new TreeReader() {
      @Override
      public Optional<Entry> entry(InodeId directory, FileName name) {
        return snapshot.entries().find(directory, name);
      }

      @Override
      public Optional<Inode> inode(InodeId id) {
        return snapshot.inode(id);
      }

      @Override
      public Optional<Objects.Row> object(InodeId id) {
        return snapshot.objects().find(id);
      }
    };
  }
}
