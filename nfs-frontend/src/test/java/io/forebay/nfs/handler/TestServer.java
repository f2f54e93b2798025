package io.forebay.nfs.handler;

import io.forebay.ambient.TimeSource;
import io.forebay.engine.AttributeChanges;
import io.forebay.engine.Caller;
import io.forebay.engine.DirectoryEntry;
import io.forebay.engine.DirectoryPage;
import io.forebay.engine.Durability;
import io.forebay.engine.EngineException;
import io.forebay.engine.FileName;
import io.forebay.engine.FileSystem;
import io.forebay.engine.InodeId;
import io.forebay.engine.Removal;
import io.forebay.engine.RemoveKind;
import io.forebay.engine.assembly.Engine;
import io.forebay.engine.assembly.EngineConfig;
import io.forebay.engine.assembly.EngineWiring;
import io.forebay.nfs.ClientRule;
import io.forebay.nfs.ClientRule.Squash;
import io.forebay.nfs.Export;
import io.forebay.nfs.NfsConfig;
import io.forebay.nfs.NfsLimits;
import io.forebay.nfs.session.Sessions;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;

/** An engine on temporary directories with a COMPOUND executor on top. */
final class TestServer implements AutoCloseable {
  static final String ANYBODY = "0.0.0.0/0";
  static final int NOBODY = 65534;

  private static final Duration LEASE = Duration.ofSeconds(30);

  private final Path directory;
  private final NfsConfig config;
  private Engine engine;
  private Sessions sessions;
  private CompoundExecutor executor;
  private int starts;

  TestServer(Path directory, Export... exports) {
    this(directory, Duration.ZERO, exports);
  }

  /** After a restart clients may reclaim for as long as {@code grace}. */
  TestServer(Path directory, Duration grace, Export... exports) {
    this.directory = directory;
    this.config =
        new NfsConfig(new InetSocketAddress(0), LEASE, grace, List.of(exports), NfsLimits.DEFAULT);
    start();
  }

  private void start() {
    starts++;
    TimeSource time = TimeSource.system();
    Random random = new Random(starts);
    EngineConfig settings =
        EngineConfig.defaults(directory.resolve("data"), directory.resolve("bucket").toUri());
    engine = EngineWiring.open(settings, time, random, new SimpleMeterRegistry());
    sessions =
        new Sessions(config, engine.records(), time, random, () -> files().releaseUnclaimedFiles());
    sessions.tick();
    executor =
        new CompoundExecutor(
            config,
            engine::fileSystem,
            sessions,
            sessions.states(),
            engine.records(),
            time,
            random);
  }

  /** A stop and a start: the volume is the same, no session survives. */
  void restart() {
    engine.close();
    start();
  }

  // --- configuration

  /** Everything, to everybody, unsquashed. */
  static Export open(String path) {
    return export(path, rule(ANYBODY, false, Squash.NONE));
  }

  static Export export(String path, ClientRule... rules) {
    return new Export(path, List.of(rules), Durability.LOCAL);
  }

  static ClientRule rule(String cidr, boolean readOnly, Squash squash) {
    return new ClientRule(cidr, readOnly, squash, NOBODY, NOBODY);
  }

  // --- parts

  CompoundExecutor executor() {
    return executor;
  }

  Sessions sessions() {
    return sessions;
  }

  FileSystem files() {
    return engine.fileSystem(Durability.LOCAL);
  }

  /** Makes a directory as the superuser, world-writable, with those above it. */
  InodeId directory(String path) {
    InodeId at = InodeId.ROOT;
    for (String name : path.split("/")) {
      if (!name.isEmpty()) {
        at = child(at, name);
      }
    }
    return at;
  }

  private InodeId child(InodeId parent, String name) {
    FileName file = FileName.of(name);
    try {
      return files().lookup(Caller.ROOT, parent, file).inode();
    } catch (EngineException missing) {
      return files()
          .createDirectory(Caller.ROOT, parent, file, AttributeChanges.mode(0777))
          .attributes()
          .inode();
    }
  }

  /** Removes everything. */
  void empty() {
    empty(InodeId.ROOT);
  }

  private void empty(InodeId parent) {
    while (true) {
      DirectoryPage page = files().readDirectory(Caller.ROOT, parent, 0, 1000);
      for (DirectoryEntry entry : page.entries()) {
        if (entry.attributes().isDirectory()) {
          empty(entry.attributes().inode());
        }
        Removal unused = files().remove(Caller.ROOT, parent, entry.name(), RemoveKind.ANY);
      }
      if (page.end()) {
        return;
      }
    }
  }

  /** A client at 127.0.0.1 whose requests come from the superuser. */
  TestClient client() {
    return client("127.0.0.1", 0, 0);
  }

  TestClient client(String address, int uid, int gid) {
    return new TestClient(this, address, uid, gid);
  }

  /** A client by that name, which is the same one whenever it comes. */
  TestClient clientNamed(String name) {
    return new TestClient(this, name);
  }

  @Override
  public void close() {
    engine.close();
  }
}
