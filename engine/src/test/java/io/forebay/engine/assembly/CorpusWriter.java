package io.forebay.engine.assembly;

import io.forebay.ambient.TimeSource;
import io.forebay.engine.AttributeChanges;
import io.forebay.engine.BucketName;
import io.forebay.engine.Caller;
import io.forebay.engine.CompletedPart;
import io.forebay.engine.ContentWriter;
import io.forebay.engine.CreateMode;
import io.forebay.engine.Durability;
import io.forebay.engine.FileName;
import io.forebay.engine.FileSystem;
import io.forebay.engine.InodeId;
import io.forebay.engine.ObjectKey;
import io.forebay.engine.ObjectProperties;
import io.forebay.engine.ObjectView;
import io.forebay.engine.OpenAccess;
import io.forebay.engine.OpenCheck;
import io.forebay.engine.OpenFile;
import io.forebay.engine.PartInfo;
import io.forebay.engine.RemoveKind;
import io.forebay.engine.Stability;
import io.forebay.engine.UploadId;
import io.forebay.engine.WriteCondition;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * Writes a volume for the corpus that {@link EarlierVolumesTest} reads, with the engine as it is
 * now, and ends as a kill would. A released format gets its volume once, and keeps it:
 *
 * <pre>java -cp (test class path) io.forebay.engine.assembly.CorpusWriter DIR
 *   cd DIR &amp;&amp; jar cfM .../resources/volumes/format-N.zip .</pre>
 *
 * <p>Uses the public face only, and so little of it that an older engine can compile it.
 */
final class CorpusWriter {
  private static final BucketName BUCKET = new BucketName("corpus");

  private final FileSystem files;
  private final ObjectView objects;

  private CorpusWriter(Engine engine) {
    files = engine.fileSystem(Durability.LOCAL);
    objects = engine.objects(Durability.LOCAL);
  }

  static EngineConfig config(Path home, Duration uploadDelay) {
    EngineConfig all = EngineConfig.defaults(home.resolve("data"), home.resolve("bucket").toUri());
    return new EngineConfig(
        all.dataDirectory(),
        all.cacheDirectories(),
        1L << 30,
        0,
        1L << 30,
        all.bucketUrl(),
        all.durability(),
        uploadDelay,
        all.uploadConcurrency(),
        all.downloadConcurrency(),
        1L << 40,
        all.objectMode(),
        all.directoryMode(),
        Duration.ofDays(365_000),
        10_000);
  }

  static Engine open(Path home, Duration uploadDelay) {
    return EngineWiring.open(
        config(home, uploadDelay), TimeSource.system(), new Random(), new SimpleMeterRegistry());
  }

  public static void main(String[] arguments) throws Exception {
    Path home = Path.of(arguments[0]);
    Files.createDirectories(home.resolve("bucket"));
    try (Engine engine = open(home, Duration.ofMillis(100))) {
      new CorpusWriter(engine).writeWhatIsStored();
      engine.drain(Duration.ofSeconds(30));
    }
    Engine engine = open(home, Duration.ofDays(1));
    CorpusWriter writer = new CorpusWriter(engine);
    List<InodeId> unnamed = writer.writeWhatIsStaged();
    List<String> lines = new ArrayList<>();
    lines.add("unnamed=" + unnamed.getFirst().value());
    lines.addAll(VolumeDescription.of(engine, unnamed));
    Files.write(home.resolve("expected.txt"), lines);
    // The lock of the process, its open files, its staging: all as a kill leaves them.
    Runtime.getRuntime().halt(0);
  }

  /** Bytes that say where they belong, and that compress well. */
  static byte[] content(long number, int length) {
    ByteBuffer bytes = ByteBuffer.allocate(length + 4096);
    while (bytes.position() < length) {
      bytes.putLong(number * 1_000_003 + bytes.position());
      byte[] filling = new byte[4088];
      Arrays.fill(filling, (byte) (number + bytes.position() / 4096));
      bytes.put(filling, 0, Math.min(filling.length, bytes.remaining()));
    }
    return Arrays.copyOf(bytes.array(), length);
  }

  private void writeWhatIsStored() throws Exception {
    objects.createBucket(Caller.ROOT, BUCKET);
    InodeId bucket = files.lookup(Caller.ROOT, InodeId.ROOT, FileName.of("corpus")).inode();
    InodeId deep = bucket;
    for (int level = 0; level < 5; level++) {
      deep = directory(deep, "level-" + level);
      for (int i = 0; i < 6; i++) {
        file(deep, "small-" + i, content(level * 10L + i, 10 + 700 * i));
      }
    }
    InodeId large = file(deep, "large", content(100, 700_001));
    files.link(Caller.ROOT, large, bucket, FileName.of("hard-link"));
    files.createSymlink(
        Caller.ROOT,
        bucket,
        FileName.of("symlink"),
        "level-0/small-1".getBytes(StandardCharsets.UTF_8),
        AttributeChanges.NONE);
    InodeId sparse = file(bucket, "sparse", content(101, 5_000));
    write(sparse, 10_000_000, content(102, 3_000));
    InodeId overwritten = file(bucket, "overwritten", content(103, 200_000));
    write(overwritten, 70_000, content(104, 9_999));
    files.setAttributes(Caller.ROOT, overwritten, AttributeChanges.size(150_000));
    InodeId owned = file(bucket, "owned", content(105, 99));
    files.setAttributes(
        Caller.ROOT, owned, AttributeChanges.mode(04711).withOwner(1001).withGroup(102));
    remove(bucket, file(bucket, "removed", content(106, 300_000)), "removed");
    put("object", content(107, 123_456), properties("text/plain"));
    put("implicit/a/b", content(108, 1), properties("application/octet-stream"));
    put("explicit/", new byte[0], properties("application/x-directory"));
    put("empty", new byte[0], ObjectProperties.NONE);
    multipart();
  }

  private List<InodeId> writeWhatIsStaged() throws Exception {
    InodeId bucket = files.lookup(Caller.ROOT, InodeId.ROOT, FileName.of("corpus")).inode();
    InodeId staged = directory(bucket, "staged");
    for (int i = 0; i < 5; i++) {
      file(staged, "file-" + i, content(200 + i, 1 + 60_000 * i));
    }
    put("staged/object", content(210, 333_333), properties("image/png"));
    InodeId half = files.lookup(Caller.ROOT, bucket, FileName.of("overwritten")).inode();
    write(half, 149_000, content(211, 20_000));
    UploadId upload =
        objects
            .createUpload(Caller.ROOT, BUCKET, ObjectKey.of("going/on"), properties("video/mp4"))
            .id();
    part("going/on", upload, 1, content(212, 100_000));
    part("going/on", upload, 7, content(213, 1_000));
    InodeId unnamed = file(bucket, "unnamed", content(214, 80_000));
    // Never closed: the process ends with it.
    OpenFile held = files.open(Caller.ROOT, unnamed, OpenAccess.READ_WRITE, OpenCheck.ENFORCE);
    remove(bucket, held.inode(), "unnamed");
    return List.of(held.inode());
  }

  private InodeId directory(InodeId parent, String name) {
    return files
        .createDirectory(Caller.ROOT, parent, FileName.of(name), AttributeChanges.mode(0750))
        .attributes()
        .inode();
  }

  private InodeId file(InodeId parent, String name, byte[] content) {
    InodeId inode =
        files
            .createFile(
                Caller.ROOT,
                parent,
                FileName.of(name),
                CreateMode.GUARDED,
                AttributeChanges.mode(0644))
            .attributes()
            .inode();
    write(inode, 0, content);
    return inode;
  }

  private void write(InodeId inode, long offset, byte[] content) {
    try (OpenFile file = files.open(Caller.ROOT, inode, OpenAccess.READ_WRITE, OpenCheck.ENFORCE)) {
      file.write(offset, ByteBuffer.wrap(content), Stability.DURABLE);
    }
  }

  private void remove(InodeId parent, InodeId inode, String name) {
    if (!inode.equals(
        files.remove(Caller.ROOT, parent, FileName.of(name), RemoveKind.ANY).removed())) {
      throw new IllegalStateException("removed another file");
    }
  }

  private static ObjectProperties properties(String type) {
    return new ObjectProperties(
        new TreeMap<>(Map.of("content-type", type, "cache-control", "no-store")),
        new TreeMap<>(Map.of("color", "b\u00e9ige")),
        new TreeMap<>(),
        new TreeMap<>(Map.of("team", "one")));
  }

  private static String md5(byte[] content) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(content));
  }

  private void put(String key, byte[] content, ObjectProperties properties) throws Exception {
    try (ContentWriter writer = objects.newContent(Caller.ROOT, content.length)) {
      writer.write(ByteBuffer.wrap(content));
      objects.put(
          Caller.ROOT,
          BUCKET,
          ObjectKey.of(key),
          writer,
          md5(content),
          properties,
          WriteCondition.ALWAYS);
    }
  }

  private PartInfo part(String key, UploadId upload, int number, byte[] content) throws Exception {
    try (ContentWriter writer = objects.newContent(Caller.ROOT, -1)) {
      writer.write(ByteBuffer.wrap(content));
      return objects.putPart(
          Caller.ROOT,
          BUCKET,
          ObjectKey.of(key),
          upload,
          number,
          writer,
          md5(content),
          new TreeMap<>());
    }
  }

  private void multipart() throws Exception {
    ObjectKey key = ObjectKey.of("parts/whole");
    UploadId upload =
        objects.createUpload(Caller.ROOT, BUCKET, key, properties("application/zip")).id();
    PartInfo first = part("parts/whole", upload, 1, content(109, 5 << 20));
    PartInfo second = part("parts/whole", upload, 2, content(110, 12_345));
    objects.completeUpload(
        Caller.ROOT,
        BUCKET,
        key,
        upload,
        List.of(
            new CompletedPart(1, first.etag(), new TreeMap<>()),
            new CompletedPart(2, second.etag(), new TreeMap<>())),
        new TreeMap<>(),
        WriteCondition.ALWAYS);
  }
}
