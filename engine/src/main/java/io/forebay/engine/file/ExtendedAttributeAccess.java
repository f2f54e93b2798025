package io.forebay.engine.file;

import io.forebay.engine.Caller;
import io.forebay.engine.DirectoryChange;
import io.forebay.engine.EngineException;
import io.forebay.engine.ErrorCode;
import io.forebay.engine.ExtendedAttribute;
import io.forebay.engine.ExtendedAttribute.Presence;
import io.forebay.engine.FileAttributes;
import io.forebay.engine.InodeId;
import io.forebay.engine.Permission;
import io.forebay.engine.metadata.ExtendedAttributes.Amount;
import io.forebay.engine.metadata.Inode;
import io.forebay.engine.metadata.MetadataStore;
import io.forebay.engine.metadata.Transaction;
import java.util.List;
import java.util.Optional;

/** Extended attributes of inodes, each change in one transaction. Thread-safe. */
final class ExtendedAttributeAccess {
  private final MetadataStore store;
  private final Attributes attributes;
  private final TreeEdits tree;

  ExtendedAttributeAccess(MetadataStore store, Attributes attributes, TreeEdits tree) {
    this.store = store;
    this.attributes = attributes;
    this.tree = tree;
  }

  byte[] get(Caller caller, InodeId id, String name) {
    requireReadable(caller, id);
    return store
        .read(snapshot -> snapshot.extendedAttributes().find(id, name))
        .orElseThrow(ExtendedAttributeAccess::missing);
  }

  List<ExtendedAttribute.Listed> list(Caller caller, InodeId id, long after, int limit) {
    if (after < 0 || limit < 1 || limit > ExtendedAttribute.MAX_COUNT) {
      throw new EngineException(ErrorCode.INVALID_ARGUMENT, "not a page of attributes");
    }
    requireReadable(caller, id);
    return store.read(snapshot -> snapshot.extendedAttributes().list(id, after, limit));
  }

  DirectoryChange set(Caller caller, InodeId id, String name, byte[] value, Presence presence) {
    if (value.length > ExtendedAttribute.MAX_VALUE_BYTES) {
      throw new EngineException(ErrorCode.FILE_TOO_LARGE, "an attribute's value has 64 KiB");
    }
    return store.write(tx -> {
      Inode inode = requireWritable(tx, caller, id);
      Optional<byte[]> before = tx.extendedAttributes().find(id, name);
      if (presence == Presence.NEW && before.isPresent()) {
        throw new EngineException(ErrorCode.EXISTS, "the attribute exists");
      }
      if (presence == Presence.PRESENT && before.isEmpty()) {
        throw missing();
      }
      tx.putExtendedAttribute(id, name, value);
      Amount amount = tx.extendedAttributes().amount(id);
      if (amount.count() > ExtendedAttribute.MAX_COUNT
          || amount.bytes() > ExtendedAttribute.MAX_TOTAL_BYTES) {
        throw new EngineException(ErrorCode.NO_SPACE, id + " has too many attributes");
      }
      return touch(tx, inode);
    });
  }

  DirectoryChange remove(Caller caller, InodeId id, String name) {
    return store.write(tx -> {
      Inode inode = requireWritable(tx, caller, id);
      if (tx.extendedAttributes().find(id, name).isEmpty()) {
        throw missing();
      }
      tx.removeExtendedAttribute(id, name);
      return touch(tx, inode);
    });
  }

  private static DirectoryChange touch(Transaction tx, Inode before) {
    Inode after = before.edit().touch(tx.now()).done();
    tx.put(after);
    return new DirectoryChange(before.attributes().change(), after.attributes().change());
  }

  private void requireReadable(Caller caller, InodeId id) {
    Inode inode = attributes.require(id);
    requireBearer(inode);
    Permissions.require(caller, inode.attributes(), Permission.READ);
  }

  private Inode requireWritable(Transaction tx, Caller caller, InodeId id) {
    Inode inode = tree.require(tx, id);
    requireBearer(inode);
    FileAttributes file = inode.attributes();
    if (file.isDirectory() && Permissions.isSticky(file)) {
      Permissions.requireOwner(caller, file);
    }
    Permissions.require(caller, file, Permission.WRITE);
    return inode;
  }

  private static void requireBearer(Inode inode) {
    switch (inode.type()) {
      case REGULAR, DIRECTORY -> {}
      case SYMLINK, FIFO, SOCKET, CHARACTER_DEVICE, BLOCK_DEVICE ->
          throw new EngineException(ErrorCode.WRONG_TYPE, inode.id() + " bears no attributes");
    }
  }

  private static EngineException missing() {
    return new EngineException(ErrorCode.NOT_FOUND, "no such attribute");
  }
}
