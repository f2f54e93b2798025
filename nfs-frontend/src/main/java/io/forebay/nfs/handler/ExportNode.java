package io.forebay.nfs.handler;

import io.forebay.engine.FileName;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A directory on the way to an export, the export's own included: the tree of these is the pseudo
 * file system (RFC 8881 section 7.3). Immutable once {@link ExportTree} has built it.
 */
final class ExportNode {
  private static final SipHash IDS = new SipHash(0, 0);

  private final String path;
  private final @Nullable ExportNode parent;
  private final @Nullable FileName name;
  private final long id;
  private final NavigableMap<FileName, ExportNode> children = new TreeMap<>();
  private @Nullable ServedExport export;

  /** The root. */
  ExportNode() {
    this("/", null, null);
  }

  private ExportNode(String path, @Nullable ExportNode parent, @Nullable FileName name) {
    this.path = path;
    this.parent = parent;
    this.name = name;
    this.id = idOf(path);
  }

  /**
   * A number for a path, the same for ever. 63 bits, so that it does for a file id too; that two of
   * a server's exports share one will not happen, and is refused when it does.
   */
  private static long idOf(String path) {
    byte[] bytes = path.getBytes(StandardCharsets.UTF_8);
    return Math.max(1, IDS.hash(bytes, bytes.length) & Long.MAX_VALUE);
  }

  /** The child of that name, made if need be. */
  ExportNode childMade(FileName child) {
    String below = parent == null ? path + child : path + "/" + child;
    return children.computeIfAbsent(child, key -> new ExportNode(below, this, key));
  }

  void serve(ServedExport served) {
    export = served;
  }

  String path() {
    return path;
  }

  long id() {
    return id;
  }

  Optional<ExportNode> parent() {
    return Optional.ofNullable(parent);
  }

  /** Empty for the root. */
  Optional<FileName> name() {
    return Optional.ofNullable(name);
  }

  Optional<ExportNode> child(FileName child) {
    return Optional.ofNullable(children.get(child));
  }

  /** In the order of their names. */
  Collection<ExportNode> children() {
    return children.values();
  }

  /** The export of this very directory. */
  Optional<ServedExport> export() {
    return Optional.ofNullable(export);
  }

  /** The innermost export this directory lies in or is. */
  Optional<ServedExport> governing() {
    for (ExportNode node = this; node != null; node = node.parent) {
      if (node.export != null) {
        return Optional.of(node.export);
      }
    }
    return Optional.empty();
  }
}
