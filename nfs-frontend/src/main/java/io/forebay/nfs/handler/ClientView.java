package io.forebay.nfs.handler;

import io.forebay.engine.EngineException;
import io.forebay.engine.ErrorCode;
import io.forebay.engine.FileName;
import io.forebay.engine.InodeId;
import io.forebay.nfs.handler.Location.Inside;
import io.forebay.nfs.handler.Location.Pseudo;
import io.forebay.nfs.op.NfsException;
import io.forebay.nfs.op.NfsStatus;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The name space as clients of one address see it: exports that have a rule for them, and the
 * pseudo directories that lead there. Immutable.
 */
final class ClientView {
  private final ExportTree tree;
  private final Map<ServedExport, ExportAccess> allowed = new HashMap<>();
  private final Set<ExportNode> visible = new HashSet<>();

  ClientView(ExportTree tree, InetAddress address) {
    this.tree = tree;
    for (ServedExport export : tree.exports()) {
      export
          .ruleFor(address)
          .ifPresent(rule -> {
            allowed.put(export, new ExportAccess(export, rule));
            Optional<ExportNode> node = Optional.of(export.node());
            while (node.isPresent() && visible.add(node.get())) {
              node = node.get().parent();
            }
          });
    }
    visible.add(tree.root());
  }

  Location root() {
    return at(tree.root());
  }

  /**
   * What a decoded handle stands for; that its inode exists is not checked.
   *
   * @throws NfsException STALE for what is no longer exported, or not to this client
   */
  Location of(FileHandle handle) {
    return switch (handle) {
      case FileHandle.OfInode file ->
          tree.export(file.export())
              .map(allowed::get)
              .<Location>map(access -> new Inside(access, file.inode(), file.generation()))
              .orElseThrow(() -> new NfsException(NfsStatus.STALE));
      case FileHandle.OfPseudo pseudo ->
          tree.node(pseudo.node())
              .filter(visible::contains)
              .<Location>map(Pseudo::new)
              .orElseThrow(() -> new NfsException(NfsStatus.STALE));
    };
  }

  /** Whether the client may see anything at or below this node. */
  boolean sees(ExportNode node) {
    return visible.contains(node);
  }

  /** The node's real directory where its innermost export is the client's, else the pseudo one. */
  Location at(ExportNode node) {
    ExportAccess access = accessAt(node);
    if (access == null) {
      return new Pseudo(node);
    }
    InodeId inode = access.export().resolve(node);
    return new Inside(access, inode, access.fileSystem().attributes(inode).generation());
  }

  private @Nullable ExportAccess accessAt(ExportNode node) {
    return node.governing().map(allowed::get).orElse(null);
  }

  /** Whether {@link #at} is a pseudo directory. */
  boolean isPseudo(ExportNode node) {
    return accessAt(node) == null;
  }

  /** Children of a pseudo directory that the client may see and that exist. */
  List<ExportNode> children(ExportNode node) {
    return node.children().stream().filter(visible::contains).filter(this::exists).toList();
  }

  /** Whether the node's path leads somewhere now. */
  boolean exists(ExportNode node) {
    if (isPseudo(node)) {
      return true;
    }
    try {
      Location unused = at(node);
      return true;
    } catch (EngineException e) {
      requireNowhere(e);
      return false;
    }
  }

  /** Passes the failures to look a path up that say that it leads nowhere. */
  private static void requireNowhere(EngineException e) {
    if (e.code() != ErrorCode.NOT_FOUND
        && e.code() != ErrorCode.NOT_DIRECTORY
        && e.code() != ErrorCode.IS_SYMLINK) {
      throw e;
    }
  }

  /** The other export that a name of a directory leads to, if it does. */
  Optional<ExportNode> junction(Inside directory, FileName name) {
    return nodeAt(directory, name).filter(node -> node.export().isPresent());
  }

  /**
   * Whether the name is another export's, or on the way to one. Such a name cannot be taken away:
   * moved elsewhere, what is below would be this export's.
   */
  boolean leadsToExport(Inside directory, FileName name) {
    return nodeAt(directory, name).isPresent();
  }

  private static Optional<ExportNode> nodeAt(Inside directory, FileName name) {
    ServedExport export = directory.access().export();
    for (ExportNode node : export.belowNamed(name)) {
      try {
        if (export.resolve(node.parent().orElseThrow()).equals(directory.inode())) {
          return Optional.of(node);
        }
      } catch (EngineException e) {
        requireNowhere(e);
      }
    }
    return Optional.empty();
  }

  /** Whether this is the root directory of its export. */
  boolean isExportRoot(Inside location) {
    try {
      return location.access().export().root().equals(location.inode());
    } catch (EngineException e) {
      requireNowhere(e);
      return false;
    }
  }
}
