package io.forebay.nfs.handler;

import io.forebay.engine.FileAttributes;
import io.forebay.engine.FileType;
import io.forebay.engine.InodeId;
import io.forebay.nfs.attr.Attribute;
import io.forebay.nfs.attr.AttributeBitmap;
import io.forebay.nfs.attr.AttributeSource;
import io.forebay.nfs.handler.Location.Inside;
import io.forebay.nfs.handler.Location.Pseudo;
import io.forebay.nfs.op.NfsStatus;
import io.forebay.nfs.xdr.Opaque;

/** Attribute values of what a client sees: files, export roots, pseudo directories. */
final class AttributeSources {
  private static final int PSEUDO_MODE = 0555;
  private static final int PSEUDO_SIZE = 4096;

  private final ExportTree tree;
  private final FileHandleCodec handles;
  private final long startNanos;

  /**
   * @param startNanos when this process began, since 1970-01-01T00:00:00Z: the times and the change
   *     attribute of pseudo directories, which change with the configuration only
   */
  AttributeSources(ExportTree tree, FileHandleCodec handles, long startNanos) {
    this.tree = tree;
    this.handles = handles;
    this.startNanos = startNanos;
  }

  /** Of any location, as it is now. */
  AttributeSource of(ClientView view, Location location, AttributeBitmap wanted) {
    return switch (location) {
      case Inside inside -> of(view, inside, CompoundContext.attributes(inside), wanted);
      case Pseudo pseudo -> ofPseudo(view, pseudo, wanted);
    };
  }

  /** Of an inode whose attributes are known; it may be its export's root. */
  AttributeSource of(
      ClientView view, Inside location, FileAttributes attributes, AttributeBitmap wanted) {
    long mountedOn = location.inode().value();
    if (attributes.isDirectory()
        && wanted.contains(Attribute.MOUNTED_ON_FILEID)
        && view.isExportRoot(location)) {
      mountedOn = mountedOn(view, location);
    }
    return new AttributeSource(
        attributes,
        location.access().export().facts(),
        handleIfWanted(location, wanted),
        mountedOn);
  }

  /** Of an entry of a directory that is known to be no junction: never an export's root. */
  AttributeSource ofEntry(Inside location, FileAttributes attributes, AttributeBitmap wanted) {
    return new AttributeSource(
        attributes,
        location.access().export().facts(),
        handleIfWanted(location, wanted),
        location.inode().value());
  }

  /** Of an entry that this client may not enter. */
  AttributeSource ofForbidden(Inside location, FileAttributes attributes) {
    return new AttributeSource(
        attributes,
        location.access().export().facts(),
        Opaque.EMPTY,
        location.inode().value(),
        NfsStatus.ACCESS.wire());
  }

  /** Section 5.8.2.22: the directory's number in the file system that it is mounted in. */
  private static long mountedOn(ClientView view, Inside exportRoot) {
    ExportNode node = exportRoot.access().export().node();
    boolean inPseudo = node.parent().map(view::isPseudo).orElse(false);
    return inPseudo ? node.id() : exportRoot.inode().value();
  }

  private AttributeSource ofPseudo(ClientView view, Pseudo pseudo, AttributeBitmap wanted) {
    ExportNode node = pseudo.node();
    return new AttributeSource(
        pseudoAttributes(view, node),
        tree.pseudoFacts(),
        handleIfWanted(pseudo, wanted),
        node.id());
  }

  FileAttributes pseudoAttributes(ClientView view, ExportNode node) {
    int links = 2 + view.children(node).size();
    return new FileAttributes(
        new InodeId(node.id()),
        0,
        FileType.DIRECTORY,
        PSEUDO_MODE,
        links,
        0,
        0,
        PSEUDO_SIZE,
        0,
        startNanos,
        startNanos,
        startNanos,
        startNanos,
        startNanos,
        startNanos,
        0,
        0);
  }

  private Opaque handleIfWanted(Location location, AttributeBitmap wanted) {
    return wanted.contains(Attribute.FILEHANDLE) ? handles.encode(location.handle()) : Opaque.EMPTY;
  }
}
