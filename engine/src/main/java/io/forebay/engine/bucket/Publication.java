package io.forebay.engine.bucket;

import io.forebay.engine.BucketName;
import io.forebay.engine.Caller;
import io.forebay.engine.EngineException;
import io.forebay.engine.ErrorCode;
import io.forebay.engine.FileAttributes;
import io.forebay.engine.FileName;
import io.forebay.engine.FileType;
import io.forebay.engine.InodeId;
import io.forebay.engine.ObjectInfo;
import io.forebay.engine.ObjectKey;
import io.forebay.engine.ObjectProperties;
import io.forebay.engine.Permission;
import io.forebay.engine.WriteCondition;
import io.forebay.engine.bucket.KeyPath.Step;
import io.forebay.engine.file.Permissions;
import io.forebay.engine.file.TreeEdits;
import io.forebay.engine.metadata.Inode;
import io.forebay.engine.metadata.InodeEdit;
import io.forebay.engine.metadata.Objects;
import io.forebay.engine.metadata.Transaction;
import java.util.Optional;
import java.util.function.Consumer;

/** Puts an object under its key, inside one transaction. */
final class Publication {
  private static final int SET_GID = 02000;

  private final TreeEdits tree;
  private final ObjectLookup lookup;
  private final BucketSettings settings;

  Publication(TreeEdits tree, ObjectLookup lookup, BucketSettings settings) {
    this.tree = tree;
    this.lookup = lookup;
    this.settings = settings;
  }

  /** Where something is to be published, and under which condition. */
  record Place(Caller caller, BucketName bucket, ObjectKey key, WriteCondition condition) {}

  /**
   * What is to be published.
   *
   * @param inode a new number
   * @param size in bytes
   * @param etag of these bytes
   * @param properties to store
   * @param bytes puts the extents, once the inode is there
   */
  record Content(
      InodeId inode,
      long size,
      String etag,
      ObjectProperties properties,
      Consumer<Transaction> bytes) {}

  /**
   * Refuses what cannot be put there, or not by this caller.
   *
   * @throws EngineException {@link ErrorCode#OBJECT_PARENT_IS_FILE}, {@link
   *     ErrorCode#OBJECT_IS_DIRECTORY}, {@link ErrorCode#ACCESS_DENIED}, {@link
   *     ErrorCode#NOT_PERMITTED}
   */
  KeyPath check(TreeReader reader, Caller caller, BucketName bucket, ObjectKey key) {
    KeyPath path = KeyPath.walk(reader, caller, bucket, key.components());
    Optional<FileType> there = path.target().map(step -> step.entry().type());
    boolean directoryThere = there.filter(type -> type == FileType.DIRECTORY).isPresent();
    boolean fileInTheWay = key.isDirectory() && there.isPresent() && !directoryThere;
    if (path.blocked() || fileInTheWay) {
      throw new EngineException(
          ErrorCode.OBJECT_PARENT_IS_FILE, "a part of the key's path is a file");
    }
    if (!key.isDirectory() && directoryThere) {
      throw new EngineException(ErrorCode.OBJECT_IS_DIRECTORY, "the key is a directory's");
    }
    FileAttributes directory = path.deepest().inode().attributes();
    if (key.isDirectory() && directoryThere) {
      // Nothing of the parent changes: the directory becomes an object.
      Permissions.require(caller, path.target().get().inode().attributes(), Permission.WRITE);
      return path;
    }
    Permissions.requireChange(caller, directory);
    path.target()
        .map(step -> step.inode().attributes())
        .ifPresent(old -> {
          Permissions.requireStickyRemoval(caller, directory, old);
          if (old.isRegular()) {
            // The new inode keeps owner and mode: whoever could not write the file must not decide
            // what it contains.
            Permissions.require(caller, old, Permission.WRITE);
          }
        });
    return path;
  }

  /** Publishes, or throws with nothing changed. */
  ObjectInfo publish(Transaction tx, Place place, Content content) {
    TreeReader reader = TreeReader.of(tx);
    KeyPath path = check(reader, place.caller(), place.bucket(), place.key());
    Optional<ObjectInfo> there =
        lookup.in(reader, path, place.key()).map(found -> lookup.info(place.key(), found));
    boolean taken = place.key().isDirectory() ? there.isPresent() : path.target().isPresent();
    ObjectLookup.check(place.condition(), there, taken);
    if (place.key().isDirectory()) {
      return publishDirectory(tx, place, path, content);
    }
    Inode inode = nameFile(tx, place, path, content);
    content.bytes().accept(tx);
    Objects.Row fresh =
        new Objects.Row(
            inode.attributes().dataVersion(),
            content.etag(),
            StoredProperties.of(content.properties()).encode());
    // In a bucket with versions it has got an id with its name.
    Objects.Row row =
        tx.putBefore(inode.id())
            .map(named -> fresh.withVersion(named.version(), named.lock()))
            .orElse(fresh);
    tx.putObject(inode.id(), row);
    return ObjectLookup.info(place.key(), inode.attributes(), Optional.of(row));
  }

  private Inode nameFile(Transaction tx, Place place, KeyPath path, Content content) {
    InodeEdit file = new InodeEdit(content.inode(), FileType.REGULAR, tx.now());
    file.size(content.size());
    if (path.target().isPresent()) {
      Step old = path.target().get();
      if (old.entry().type() == FileType.REGULAR) {
        FileAttributes before = old.inode().attributes();
        // Not the rights that the old content lent its callers.
        file.owner(before.uid()).group(before.gid()).mode(before.mode() & 0777);
      } else {
        own(file, place.caller(), path.deepest().inode()).mode(settings.objectMode());
      }
      return tree.replaceChild(tx, old.entry(), file);
    }
    Inode directory = makeMissing(tx, place.caller(), path);
    own(file, place.caller(), directory).mode(settings.objectMode());
    return tree.addChild(tx, directory.id(), name(place.key()), file);
  }

  private static FileName name(ObjectKey key) {
    return key.components().getLast();
  }

  private static InodeEdit own(InodeEdit edit, Caller caller, Inode directory) {
    boolean inherits = (directory.attributes().mode() & SET_GID) != 0;
    return edit.owner(caller.uid()).group(inherits ? directory.attributes().gid() : caller.gid());
  }

  /** Makes the directories of a path; returns the one that holds its last component. */
  InodeId directoryFor(Transaction tx, Caller caller, KeyPath path) {
    return makeMissing(tx, caller, path).id();
  }

  /** Makes the directories that are missing on the way, implicitly; returns the last one. */
  private Inode makeMissing(Transaction tx, Caller caller, KeyPath path) {
    Inode directory = path.deepest().inode();
    for (FileName name : path.missing()) {
      directory = tree.addChild(tx, directory.id(), name, directory(tx, caller, directory, true));
    }
    return directory;
  }

  /** A new directory in another, as the caller's. */
  InodeEdit directory(Transaction tx, Caller caller, Inode parent, boolean implicit) {
    InodeEdit edit = new InodeEdit(tx.newInodeId(), FileType.DIRECTORY, tx.now());
    int inherited = parent.attributes().mode() & SET_GID;
    return own(edit, caller, parent).mode(settings.directoryMode() | inherited).implicit(implicit);
  }

  private ObjectInfo publishDirectory(Transaction tx, Place place, KeyPath path, Content content) {
    if (content.size() > 0) {
      throw new EngineException(
          ErrorCode.DIRECTORY_OBJECT_HAS_DATA, "an object whose key ends in a slash is empty");
    }
    Inode inode =
        path.target()
            .map(Step::inode)
            .orElseGet(() -> {
              Inode parent = makeMissing(tx, place.caller(), path);
              InodeEdit child = directory(tx, place.caller(), parent, true);
              return tree.addChild(tx, parent.id(), name(place.key()), child);
            });
    boolean keeps =
        tx.object(inode.id())
            .map(row -> StoredProperties.decode(row.properties()).keepsDirectory())
            .orElse(!inode.implicit());
    tree.keep(tx, inode.id());
    Objects.Row row =
        new Objects.Row(
            inode.attributes().dataVersion(),
            content.etag(),
            new StoredProperties(content.properties(), keeps).encode());
    tx.putObject(inode.id(), row);
    return ObjectLookup.info(place.key(), inode.attributes(), Optional.of(row));
  }
}
