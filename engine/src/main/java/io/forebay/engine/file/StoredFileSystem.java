package io.forebay.engine.file;

import io.forebay.engine.AttributeChanges;
import io.forebay.engine.Caller;
import io.forebay.engine.CreateMode;
import io.forebay.engine.Creation;
import io.forebay.engine.DirectoryChange;
import io.forebay.engine.DirectoryEntry;
import io.forebay.engine.DirectoryPage;
import io.forebay.engine.Durability;
import io.forebay.engine.EngineException;
import io.forebay.engine.ErrorCode;
import io.forebay.engine.ExtendedAttribute;
import io.forebay.engine.FileAttributes;
import io.forebay.engine.FileName;
import io.forebay.engine.FileSystem;
import io.forebay.engine.FileType;
import io.forebay.engine.InodeId;
import io.forebay.engine.OpenAccess;
import io.forebay.engine.OpenCheck;
import io.forebay.engine.OpenFile;
import io.forebay.engine.Permission;
import io.forebay.engine.Removal;
import io.forebay.engine.RemoveKind;
import io.forebay.engine.Renaming;
import io.forebay.engine.SpecialFile;
import io.forebay.engine.VolumeId;
import io.forebay.engine.VolumeStatistics;
import io.forebay.engine.metadata.Entries;
import io.forebay.engine.metadata.Entry;
import io.forebay.engine.metadata.Inode;
import io.forebay.engine.metadata.MetadataStore;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** One view of a volume's files. What needs no change is answered from memory when it is there. */
public final class StoredFileSystem implements FileSystem {
  private static final int LOOKUP_ATTEMPTS = 16;

  private final FileLayer layer;
  private final MetadataStore store;
  private final Durability durability;

  /** A view of a layer, with acknowledgements of the given level. */
  public StoredFileSystem(FileLayer layer, Durability durability) {
    this.layer = layer;
    this.store = layer.store();
    this.durability = durability;
  }

  @Override
  public VolumeId volume() {
    return store.volume().id();
  }

  @Override
  public Durability durability() {
    return durability;
  }

  @Override
  public long writeVerifier() {
    return layer.writeVerifier();
  }

  // --- looking

  @Override
  public FileAttributes attributes(InodeId inode) {
    return layer.attributes().visible(inode);
  }

  @Override
  public Set<Permission> permissions(Caller caller, InodeId inode) {
    return Permissions.of(caller, layer.attributes().require(inode).attributes());
  }

  @Override
  public FileAttributes lookup(Caller caller, InodeId directory, FileName name) {
    requireSearchable(caller, directory);
    // An entry and its inode are two reads: between them the file may have gone, and the name
    // may have been given away again.
    for (int i = 0; i < LOOKUP_ATTEMPTS; i++) {
      Optional<Entry> entry = store.entry(directory, name);
      if (entry.isEmpty()) {
        throw new EngineException(ErrorCode.NOT_FOUND, "no such name");
      }
      Optional<Inode> inode = store.inode(entry.get().inode());
      if (inode.filter(there -> there.attributes().linkCount() > 0).isPresent()) {
        return layer.files().visible(inode.get());
      }
    }
    return store.read(snapshot ->
        snapshot
            .entries()
            .find(directory, name)
            .flatMap(entry -> snapshot.inode(entry.inode()))
            .map(layer.files()::visible)
            .orElseThrow(() -> new EngineException(ErrorCode.NOT_FOUND, "no such name")));
  }

  private Inode requireSearchable(Caller caller, InodeId directory) {
    Inode inode = TreeEdits.directory(layer.attributes().require(directory));
    Permissions.require(caller, inode.attributes(), Permission.EXECUTE);
    return inode;
  }

  @Override
  public FileAttributes lookupParent(Caller caller, InodeId directory) {
    Inode inode = requireSearchable(caller, directory);
    return attributes(
        inode
            .parent()
            .orElseThrow(() -> new EngineException(ErrorCode.CORRUPT, "a directory has a parent")));
  }

  @Override
  public byte[] readSymlink(Caller caller, InodeId link) {
    Inode inode = layer.attributes().require(link);
    return inode
        .target()
        .orElseThrow(() -> new EngineException(ErrorCode.WRONG_TYPE, link + " is no symbolic link"))
        .clone();
  }

  @Override
  public DirectoryPage readDirectory(
      Caller caller, InodeId directory, long afterCookie, int limit) {
    if (limit < 1 || limit > MAX_DIRECTORY_PAGE || afterCookie < 0) {
      throw new EngineException(ErrorCode.INVALID_ARGUMENT, "not a page of a directory");
    }
    Inode inode = TreeEdits.directory(layer.attributes().require(directory));
    Permissions.require(caller, inode.attributes(), Permission.READ);
    List<Entries.WithInode> found =
        store.read(snapshot -> snapshot.entries().listByCookie(directory, afterCookie, limit + 1));
    boolean end = found.size() <= limit;
    return new DirectoryPage(
        found.subList(0, Math.min(limit, found.size())).stream().map(this::entry).toList(), end);
  }

  private DirectoryEntry entry(Entries.WithInode found) {
    return new DirectoryEntry(
        found.entry().cookie(), found.entry().name(), layer.files().visible(found.inode()));
  }

  @Override
  public VolumeStatistics statistics() {
    return layer.space().statistics();
  }

  // --- names

  @Override
  public Creation createFile(
      Caller caller, InodeId directory, FileName name, CreateMode mode, AttributeChanges initial) {
    layer.requireWritable();
    Creation creation = find(caller, directory, name, mode).orElse(null);
    if (creation == null) {
      creation = layer.namespace().createFile(caller, directory, name, mode, initial);
    }
    boolean truncates = initial.size().equals(OptionalLong.of(0));
    if (creation.created() || !truncates || !(mode instanceof CreateMode.Unchecked)) {
      return creation;
    }
    FileAttributes after =
        layer
            .attributes()
            .set(
                caller, creation.attributes().inode(), AttributeChanges.size(0), durability, false);
    return new Creation(after, false, creation.directory());
  }

  /** A file that is known to be there, without a transaction. */
  private Optional<Creation> find(
      Caller caller, InodeId directory, FileName name, CreateMode mode) {
    Inode parent = requireSearchable(caller, directory);
    return store
        .knownEntry(directory, name)
        .flatMap(entry -> store.inode(entry.inode()))
        .filter(inode -> inode.attributes().linkCount() > 0)
        .map(inode -> {
          long change = parent.attributes().change();
          return new Creation(
              layer.files().visible(Namespace.found(inode, mode)),
              false,
              new DirectoryChange(change, change));
        });
  }

  @Override
  public Creation createDirectory(
      Caller caller, InodeId directory, FileName name, AttributeChanges initial) {
    layer.requireWritable();
    return layer
        .namespace()
        .create(caller, directory, name, FileType.DIRECTORY, initial, edit -> edit);
  }

  @Override
  public Creation createSymlink(
      Caller caller, InodeId directory, FileName name, byte[] target, AttributeChanges initial) {
    layer.requireWritable();
    requireTarget(target);
    return layer
        .namespace()
        .create(caller, directory, name, FileType.SYMLINK, initial, edit -> edit.target(target));
  }

  private static void requireTarget(byte[] target) {
    if (target.length > MAX_LINK_TARGET) {
      throw new EngineException(ErrorCode.NAME_TOO_LONG, "a link's target has 4,095 bytes at most");
    }
    if (target.length == 0) {
      throw new EngineException(ErrorCode.INVALID_ARGUMENT, "a link's target is not empty");
    }
    for (byte each : target) {
      if (each == 0) {
        throw new EngineException(ErrorCode.INVALID_ARGUMENT, "a link's target has no NUL");
      }
    }
  }

  @Override
  public Creation createSpecial(
      Caller caller,
      InodeId directory,
      FileName name,
      SpecialFile special,
      AttributeChanges initial) {
    layer.requireWritable();
    boolean device =
        special.type() == FileType.CHARACTER_DEVICE || special.type() == FileType.BLOCK_DEVICE;
    if (device && !caller.isSuperuser()) {
      throw new EngineException(ErrorCode.NOT_PERMITTED, "only the superuser makes devices");
    }
    return layer
        .namespace()
        .create(
            caller,
            directory,
            name,
            special.type(),
            initial,
            edit -> device ? edit.device(special.major(), special.minor()) : edit);
  }

  @Override
  public DirectoryChange link(Caller caller, InodeId file, InodeId directory, FileName name) {
    layer.requireWritable();
    return layer.namespace().link(caller, file, directory, name);
  }

  @Override
  public Removal remove(Caller caller, InodeId directory, FileName name, RemoveKind what) {
    layer.requireWritable();
    return layer.namespace().remove(caller, directory, name, what);
  }

  @Override
  public Renaming rename(
      Caller caller, InodeId fromDirectory, FileName from, InodeId toDirectory, FileName to) {
    layer.requireWritable();
    return layer.renames().rename(caller, fromDirectory, from, toDirectory, to);
  }

  // --- attributes and content

  @Override
  public FileAttributes setAttributes(Caller caller, InodeId inode, AttributeChanges changes) {
    layer.requireWritable();
    return layer.attributes().set(caller, inode, changes, durability, false);
  }

  @Override
  public FileAttributes setAttributesOfOpenFile(
      Caller caller, OpenFile file, AttributeChanges changes) {
    layer.requireWritable();
    return layer
        .attributes()
        .set(caller, file.inode(), changes, durability, file.access().writes());
  }

  @Override
  public byte[] extendedAttribute(Caller caller, InodeId inode, String name) {
    return layer.extendedAttributes().get(caller, inode, name);
  }

  @Override
  public DirectoryChange setExtendedAttribute(
      Caller caller,
      InodeId inode,
      String name,
      byte[] value,
      ExtendedAttribute.Presence presence) {
    layer.requireWritable();
    return layer.extendedAttributes().set(caller, inode, name, value, presence);
  }

  @Override
  public DirectoryChange removeExtendedAttribute(Caller caller, InodeId inode, String name) {
    layer.requireWritable();
    return layer.extendedAttributes().remove(caller, inode, name);
  }

  @Override
  public List<ExtendedAttribute.Listed> extendedAttributes(
      Caller caller, InodeId inode, long afterCookie, int limit) {
    return layer.extendedAttributes().list(caller, inode, afterCookie, limit);
  }

  @Override
  public OpenFile open(Caller caller, InodeId file, OpenAccess access, OpenCheck check) {
    LiveFile live =
        layer.hold(
            file,
            inode -> {
              Namespace.requireRegular(inode);
              if (check == OpenCheck.ENFORCE) {
                requireAccess(caller, inode.attributes(), access);
              }
            });
    return new StoredOpenFile(layer, live, caller, access, durability);
  }

  private static void requireAccess(Caller caller, FileAttributes file, OpenAccess access) {
    if (access.reads()) {
      Permissions.require(caller, file, Permission.READ);
    }
    if (access.writes()) {
      Permissions.require(caller, file, Permission.WRITE);
    }
  }

  @Override
  public void releaseUnclaimedFiles() {
    layer.holds().releaseOrphans();
  }
}
