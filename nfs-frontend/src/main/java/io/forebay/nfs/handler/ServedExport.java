package io.forebay.nfs.handler;

import io.forebay.engine.Caller;
import io.forebay.engine.FileName;
import io.forebay.engine.FileSystem;
import io.forebay.engine.InodeId;
import io.forebay.nfs.ClientRule;
import io.forebay.nfs.Export;
import io.forebay.nfs.attr.AttributeSource.FileSystemFacts;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** An export with what is behind it. To clients each is a file system of its own. */
final class ServedExport {
  private final Export export;
  private final ExportNode node;
  private final FileSystem fileSystem;
  private final FileSystemFacts facts;

  /** Exports further below and the directories on the way to them, by their names. */
  private final Map<FileName, List<ExportNode>> below = new HashMap<>();

  ServedExport(Export export, ExportNode node, FileSystem fileSystem, FileSystemFacts facts) {
    this.export = export;
    this.node = node;
    this.fileSystem = fileSystem;
    this.facts = facts;
  }

  /** Once the tree is complete. */
  void addNodesBelow() {
    node.children().forEach(this::add);
  }

  private void add(ExportNode nested) {
    FileName name = nested.name().orElseThrow();
    below.computeIfAbsent(name, unused -> new ArrayList<>()).add(nested);
    nested.children().forEach(this::add);
  }

  /** Part of its handles and of its fsid: depends on the path only. */
  long id() {
    return node.id();
  }

  ExportNode node() {
    return node;
  }

  /** The view of the volume that promises the export's durability. */
  FileSystem fileSystem() {
    return fileSystem;
  }

  FileSystemFacts facts() {
    return facts;
  }

  Optional<ClientRule> ruleFor(InetAddress client) {
    return export.clients().stream().filter(rule -> rule.matches(client)).findFirst();
  }

  /** The directory that is exported; throws what looking its path up throws. */
  InodeId root() {
    return resolve(node);
  }

  /** The directory at a node's path; throws what looking it up throws. */
  InodeId resolve(ExportNode at) {
    if (at.parent().isEmpty()) {
      return InodeId.ROOT;
    }
    InodeId parent = resolve(at.parent().get());
    return fileSystem.lookup(Caller.ROOT, parent, at.name().orElseThrow()).inode();
  }

  /** Whether there are exports below this one. */
  boolean hasNested() {
    return !below.isEmpty();
  }

  /** Exports below this one, and directories on the way to them, whose path ends in that name. */
  List<ExportNode> belowNamed(FileName name) {
    return below.getOrDefault(name, List.of());
  }
}
