package io.forebay.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.forebay.engine.AttributeChanges;
import io.forebay.engine.BucketName;
import io.forebay.engine.Caller;
import io.forebay.engine.ContentWriter;
import io.forebay.engine.CopySource;
import io.forebay.engine.CreateMode;
import io.forebay.engine.Durability;
import io.forebay.engine.EngineException;
import io.forebay.engine.ErrorCode;
import io.forebay.engine.FileAttributes;
import io.forebay.engine.FileName;
import io.forebay.engine.FileSystem;
import io.forebay.engine.InodeId;
import io.forebay.engine.ListRequest;
import io.forebay.engine.ObjectInfo;
import io.forebay.engine.ObjectKey;
import io.forebay.engine.ObjectListing.Item;
import io.forebay.engine.ObjectProperties;
import io.forebay.engine.ObjectView;
import io.forebay.engine.OpenAccess;
import io.forebay.engine.OpenCheck;
import io.forebay.engine.OpenFile;
import io.forebay.engine.OpenObject;
import io.forebay.engine.Payload;
import io.forebay.engine.ReadCondition;
import io.forebay.engine.RemoveKind;
import io.forebay.engine.Stability;
import io.forebay.engine.WriteCondition;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** What the contract suites of the object view share: a volume, a bucket, short words. */
public abstract class ObjectViewFixture {
  protected static final BucketName BUCKET = new BucketName("bucket");
  protected static final Caller ROOT = Caller.ROOT;
  protected static final Caller ALICE = Caller.of(1001, 101);
  protected static final Caller BOB = Caller.of(1002, 102);

  @TempDir protected Path directory;
  protected VolumeUnderTest volume;
  protected ObjectView view;
  protected FileSystem files;

  protected abstract VolumeUnderTest open(Path where);

  @BeforeEach
  void openVolume() {
    volume = open(directory);
    view = volume.objects(Durability.LOCAL);
    files = volume.fileSystem(Durability.LOCAL);
    view.createBucket(ROOT, BUCKET);
  }

  /** Takes the views of the volume as it is now. */
  protected void useViews() {
    view = volume.objects(Durability.LOCAL);
    files = volume.fileSystem(Durability.LOCAL);
  }

  @AfterEach
  void closeVolume() {
    volume.close();
  }

  /** As a crash does it. */
  protected void reopen() {
    volume.reopen();
    useViews();
  }

  // --- words

  protected static ObjectKey key(String key) {
    return ObjectKey.of(key);
  }

  protected static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  protected static String md5(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  protected static void assertCode(ErrorCode code, ThrowingCallable call) {
    EngineException e = catchThrowableOfType(EngineException.class, call);
    assertThat(e).as("nothing was thrown, instead of " + code).isNotNull();
    assertThat(e.code()).as(e.toString()).isEqualTo(code);
  }

  protected static ObjectProperties metadata(String name, String value) {
    return new ObjectProperties(
        new TreeMap<>(Map.of("content-type", "text/plain")),
        new TreeMap<>(Map.of(name, value)),
        new TreeMap<>(),
        new TreeMap<>());
  }

  // --- S3

  protected ObjectInfo put(String key, String content) {
    return put(ROOT, key, bytes(content), WriteCondition.ALWAYS);
  }

  protected ObjectInfo put(String key, byte[] content) {
    return put(ROOT, key, content, WriteCondition.ALWAYS);
  }

  protected ObjectInfo put(Caller caller, String key, byte[] content, WriteCondition condition) {
    return put(view, caller, key, content, ObjectProperties.NONE, condition);
  }

  protected ObjectInfo put(String key, String content, ObjectProperties properties) {
    return put(view, ROOT, key, bytes(content), properties, WriteCondition.ALWAYS);
  }

  protected static ObjectInfo put(
      ObjectView view,
      Caller caller,
      String key,
      byte[] content,
      ObjectProperties properties,
      WriteCondition condition) {
    try (ContentWriter writer = view.newContent(caller, content.length)) {
      writer.write(ByteBuffer.wrap(content));
      return view.put(caller, BUCKET, key(key), writer, md5(content), properties, condition);
    }
  }

  protected ObjectInfo head(String key) {
    return view.head(ROOT, BUCKET, key(key));
  }

  protected byte[] get(String key) {
    try (OpenObject object = view.open(ROOT, BUCKET, key(key))) {
      return all(object);
    }
  }

  protected String text(String key) {
    return new String(get(key), StandardCharsets.UTF_8);
  }

  protected static byte[] all(OpenObject object) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    while (all.size() < object.info().size()) {
      try (Payload payload = object.read(all.size(), 1 << 20)) {
        assertThat(payload.length()).isPositive();
        all.writeBytes(payload.toBytes());
      }
    }
    return all.toByteArray();
  }

  protected boolean delete(String key) {
    return view.delete(ROOT, BUCKET, key(key), WriteCondition.ALWAYS);
  }

  protected ObjectInfo copy(String from, String to) {
    return copy(from, to, Optional.empty());
  }

  protected ObjectInfo copy(String from, String to, Optional<ObjectProperties> replacement) {
    CopySource source = new CopySource(BUCKET, key(from), ReadCondition.ALWAYS);
    return view.copy(ROOT, source, BUCKET, key(to), replacement, WriteCondition.ALWAYS);
  }

  protected List<String> list(String prefix, String delimiter) {
    return view.list(ROOT, BUCKET, new ListRequest(prefix, delimiter, "", 1000)).items().stream()
        .map(Item::key)
        .toList();
  }

  protected boolean exists(String key) {
    try {
      head(key);
      return true;
    } catch (EngineException e) {
      assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND);
      return false;
    }
  }

  // --- NFS

  /** The inode at a path from the root. */
  protected FileAttributes at(String path) {
    FileAttributes found = files.attributes(InodeId.ROOT);
    for (String name : path.split("/", -1)) {
      found = files.lookup(ROOT, found.inode(), FileName.of(name));
    }
    return found;
  }

  protected boolean existsAt(String path) {
    try {
      at(path);
      return true;
    } catch (EngineException e) {
      assertThat(e.code()).isIn(ErrorCode.NOT_FOUND, ErrorCode.NOT_DIRECTORY);
      return false;
    }
  }

  private static String name(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  private InodeId parent(String path) {
    int slash = path.lastIndexOf('/');
    return slash < 0 ? InodeId.ROOT : at(path.substring(0, slash)).inode();
  }

  protected InodeId mkdir(String path, int mode) {
    return files
        .createDirectory(ROOT, parent(path), FileName.of(name(path)), AttributeChanges.mode(mode))
        .attributes()
        .inode();
  }

  /** Creates or overwrites from the first byte on, durably. */
  protected InodeId write(String path, String content) {
    InodeId inode = create(path);
    write(inode, 0, content, Stability.DURABLE);
    return inode;
  }

  protected InodeId create(String path) {
    return files
        .createFile(
            ROOT,
            parent(path),
            FileName.of(name(path)),
            CreateMode.UNCHECKED,
            AttributeChanges.mode(0644))
        .attributes()
        .inode();
  }

  protected void write(InodeId inode, long offset, String content, Stability stability) {
    try (OpenFile file = openFile(inode)) {
      file.write(offset, ByteBuffer.wrap(bytes(content)), stability);
    }
  }

  protected OpenFile openFile(InodeId inode) {
    return files.open(ROOT, inode, OpenAccess.READ_WRITE, OpenCheck.ENFORCE);
  }

  protected static String read(OpenFile file) {
    try (Payload payload = file.read(0, 1 << 20).payload()) {
      return new String(payload.toBytes(), StandardCharsets.UTF_8);
    }
  }

  protected String read(String path) {
    try (OpenFile file = openFile(at(path).inode())) {
      return read(file);
    }
  }

  protected void remove(String path) {
    files.remove(ROOT, parent(path), FileName.of(name(path)), RemoveKind.ANY);
  }

  protected void symlink(String path, String target) {
    files.createSymlink(
        ROOT, parent(path), FileName.of(name(path)), bytes(target), AttributeChanges.NONE);
  }

  protected void link(InodeId file, String path) {
    files.link(ROOT, file, parent(path), FileName.of(name(path)));
  }

  protected void rename(String from, String to) {
    files.rename(ROOT, parent(from), FileName.of(name(from)), parent(to), FileName.of(name(to)));
  }

  protected void chmod(String path, int mode) {
    files.setAttributes(ROOT, at(path).inode(), AttributeChanges.mode(mode));
  }

  protected void chown(String path, Caller owner) {
    files.setAttributes(
        ROOT,
        at(path).inode(),
        AttributeChanges.NONE.withOwner(owner.uid()).withGroup(owner.gid()));
  }
}
