package io.forebay.nfs.handler;

import io.forebay.engine.Durability;
import io.forebay.engine.FileName;
import io.forebay.engine.FileSystem;
import io.forebay.engine.VolumeStatistics;
import io.forebay.nfs.Export;
import io.forebay.nfs.NfsConfig;
import io.forebay.nfs.attr.AttributeSource.FileSystemFacts;
import java.net.InetAddress;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * All exports, and the pseudo file system that leads to them (RFC 8881 section 7.3): where {@code
 * /} is exported, its root is the volume's; where it is not, pseudo directories have the names on
 * the way. An export inside another is a junction with a file system id of its own. Thread-safe.
 */
final class ExportTree {
  /** Views are a cache: a scan of addresses must not fill the memory. */
  private static final int MAX_VIEWS = 4096;

  private final ExportNode root = new ExportNode();
  private final Map<Long, ServedExport> exports = new HashMap<>();
  private final Map<Long, ExportNode> nodes = new HashMap<>();
  private final FileSystemFacts pseudoFacts;
  private final ConcurrentHashMap<InetAddress, ClientView> views = new ConcurrentHashMap<>();

  ExportTree(NfsConfig config, Function<Durability, FileSystem> fileSystems) {
    int lease = Math.toIntExact(config.lease().toSeconds());
    int transfer = config.limits().maxTransferBytes();
    VolumeStatistics nothing = new VolumeStatistics(0, 0, 0, 0, 0);
    pseudoFacts = new FileSystemFacts(0, 0, lease, transfer, () -> nothing);
    for (Export each : config.exports()) {
      ExportNode node = root;
      for (FileName name : each.names()) {
        node = node.childMade(name);
      }
      FileSystem fileSystem = fileSystems.apply(each.durability());
      UUID volume = fileSystem.volume().uuid();
      FileSystemFacts facts =
          new FileSystemFacts(
              volume.getMostSignificantBits() ^ volume.getLeastSignificantBits(),
              node.id(),
              lease,
              transfer,
              fileSystem::statistics);
      ServedExport served = new ServedExport(each, node, fileSystem, facts);
      node.serve(served);
      exports.put(node.id(), served);
    }
    index(root);
    exports.values().forEach(ServedExport::addNodesBelow);
  }

  private void index(ExportNode node) {
    if (nodes.put(node.id(), node) != null) {
      throw new IllegalArgumentException(
          "rename the export at " + node.path() + ": its id is used");
    }
    node.children().forEach(this::index);
  }

  ExportNode root() {
    return root;
  }

  Collection<ServedExport> exports() {
    return exports.values();
  }

  Optional<ServedExport> export(long id) {
    return Optional.ofNullable(exports.get(id));
  }

  Optional<ExportNode> node(long id) {
    return Optional.ofNullable(nodes.get(id));
  }

  /** What all pseudo directories share. */
  FileSystemFacts pseudoFacts() {
    return pseudoFacts;
  }

  ClientView viewOf(InetAddress client) {
    ClientView known = views.get(client);
    if (known != null) {
      return known;
    }
    if (views.size() >= MAX_VIEWS) {
      views.clear();
    }
    return views.computeIfAbsent(client, address -> new ClientView(this, address));
  }
}
