package io.forebay.nfs.handler;

import io.forebay.engine.Caller;
import io.forebay.engine.DirectoryEntry;
import io.forebay.engine.DirectoryPage;
import io.forebay.engine.FileName;
import io.forebay.engine.FileSystem;
import io.forebay.nfs.attr.Attribute;
import io.forebay.nfs.attr.AttributeBitmap;
import io.forebay.nfs.attr.AttributeSource;
import io.forebay.nfs.handler.Location.Inside;
import io.forebay.nfs.handler.Location.Pseudo;
import io.forebay.nfs.op.NfsException;
import io.forebay.nfs.op.NfsOp;
import io.forebay.nfs.op.NfsResult;
import io.forebay.nfs.op.NfsResult.ReadDir.Entry;
import io.forebay.nfs.op.NfsStatus;
import io.forebay.nfs.op.ResultEncoder;
import io.forebay.nfs.xdr.Opaque;
import io.forebay.nfs.xdr.XdrOverflowException;
import io.forebay.nfs.xdr.XdrWriter;
import java.util.ArrayList;
import java.util.List;

/**
 * READDIR (section 18.23). Cookies are the engine's, stable for as long as the directory lives, so
 * the verifier never changes. A listing costs what it returns: each call asks the engine for about
 * as many entries as fit, from the cookie on.
 */
final class DirectoryListing {
  /** Cookies never become invalid. */
  private static final long VERIFIER = 0;

  /** Below are {@code .} and {@code ..} of NFSv3, which are not returned (section 18.23.3). */
  private static final long FIRST_COOKIE = 3;

  /** Opcode, status and verifier before the entries; the two marks after them. */
  private static final int RESULT_BYTES = 2 * Integer.BYTES;

  private static final int AROUND_BYTES = Long.BYTES + 2 * Integer.BYTES;

  /** An entry's cookie and the length of its name, for dircount. */
  private static final int COOKIE_BYTES = Long.BYTES + Integer.BYTES;

  private static final int TYPICAL_NAME_BYTES = 48;
  private static final int TYPICAL_ATTRIBUTE_BYTES = 160;

  private final AttributeSources sources;
  private final int maxBytes;

  /**
   * @param maxBytes of the longest listing
   */
  DirectoryListing(AttributeSources sources, int maxBytes) {
    this.sources = sources;
    this.maxBytes = maxBytes;
  }

  NfsResult readDir(CompoundContext context, NfsOp.ReadDir op) {
    Location current = context.current();
    AttributeOperations.requireReadable(op.wanted());
    if (op.cookie() < 0 || (op.cookie() > 0 && op.cookie() < FIRST_COOKIE)) {
      throw new NfsException(NfsStatus.BAD_COOKIE);
    }
    if (op.cookie() != 0 && op.verifier() != VERIFIER) {
      throw new NfsException(NfsStatus.NOT_SAME);
    }
    int most = Math.min(op.maxCount(), maxBytes);
    Filling filling =
        new Filling(
            Math.min(most, context.room() - RESULT_BYTES) - AROUND_BYTES,
            op.dirCount() == 0 ? Integer.MAX_VALUE : op.dirCount(),
            op.wanted());
    boolean end =
        switch (current) {
          case Inside inside -> list(context, inside, op.cookie(), filling);
          case Pseudo pseudo -> list(context, pseudo, op.cookie(), filling);
        };
    if (filling.entries.isEmpty() && !(end && filling.room >= 0)) {
      // Section 18.23.3 for the client's bound; section 2.10.6.4 for the session's.
      throw new NfsException(
          filling.room + AROUND_BYTES == most ? NfsStatus.TOOSMALL : context.lease().tooLong());
    }
    return new NfsResult.ReadDir(VERIFIER, filling.entries, op.wanted(), end);
  }

  /** Whether the directory ended. */
  private boolean list(CompoundContext context, Inside directory, long after, Filling filling) {
    FileSystem files = CompoundContext.fileSystem(directory);
    Caller caller = context.caller(directory);
    boolean junctions = directory.access().export().hasNested();
    long cookie = after;
    while (true) {
      DirectoryPage page =
          files.readDirectory(caller, directory.inode(), cookie, filling.likelyEntries());
      for (DirectoryEntry each : page.entries()) {
        AttributeSource source =
            junctions
                ? sourceAtJunction(context, directory, each, filling.wanted)
                : ofEntry(directory, each, filling.wanted);
        if (!filling.add(each.cookie(), each.name(), source)) {
          return false;
        }
        cookie = each.cookie();
      }
      if (page.end()) {
        return true;
      }
    }
  }

  private AttributeSource ofEntry(Inside directory, DirectoryEntry each, AttributeBitmap wanted) {
    return sources.ofEntry(directory.beside(each.attributes()), each.attributes(), wanted);
  }

  /** Another export's root shows as what LOOKUP would find. */
  private AttributeSource sourceAtJunction(
      CompoundContext context, Inside directory, DirectoryEntry each, AttributeBitmap wanted) {
    ClientView view = context.view();
    return view.junction(directory, each.name())
        .map(node ->
            view.sees(node)
                ? sources.of(view, view.at(node), wanted)
                : sources.ofForbidden(directory.beside(each.attributes()), each.attributes()))
        .orElseGet(() -> ofEntry(directory, each, wanted));
  }

  /** Pseudo directories are short and do not change: positions are cookies. */
  private boolean list(CompoundContext context, Pseudo directory, long after, Filling filling) {
    ClientView view = context.view();
    List<ExportNode> children = List.copyOf(directory.node().children());
    long first = after == 0 ? 0 : after - FIRST_COOKIE + 1;
    for (long i = first; i < children.size(); i++) {
      ExportNode child = children.get((int) i);
      if (view.sees(child) && view.exists(child)) {
        AttributeSource source = sources.of(view, view.at(child), filling.wanted);
        if (!filling.add(FIRST_COOKIE + i, child.name().orElseThrow(), source)) {
          return false;
        }
      }
    }
    return true;
  }

  /** Entries while they fit. */
  private static final class Filling {
    private final int room;
    private final int directoryRoom;
    private final AttributeBitmap wanted;
    private final XdrWriter scale;
    private final List<Entry> entries = new ArrayList<>();
    private int directoryBytes;

    Filling(int room, int directoryRoom, AttributeBitmap wanted) {
      this.room = room;
      this.directoryRoom = directoryRoom;
      this.wanted = wanted;
      this.scale = new XdrWriter(Math.max(room, 0));
    }

    /** False where it does not fit any more. */
    boolean add(long cookie, FileName name, AttributeSource source) {
      Entry entry = new Entry(cookie, Opaque.of(name.toBytes()), source);
      int paddedName = (name.length() + Integer.BYTES - 1) & -Integer.BYTES;
      int inDirectory = directoryBytes + COOKIE_BYTES + paddedName;
      // The client's bound on names is a hint (section 18.23.3): one entry goes in any case.
      if (inDirectory > directoryRoom && !entries.isEmpty()) {
        return false;
      }
      try {
        ResultEncoder.encodeEntry(entry, wanted, scale);
      } catch (XdrOverflowException full) {
        return false;
      }
      directoryBytes = inDirectory;
      entries.add(entry);
      return true;
    }

    /** How many entries to ask for next. */
    int likelyEntries() {
      int left = Math.max(room - scale.size(), 0);
      int each =
          entries.isEmpty()
              ? TYPICAL_NAME_BYTES + (wantsMuch() ? TYPICAL_ATTRIBUTE_BYTES : 0)
              : Math.max(1, scale.size() / entries.size());
      return Math.clamp(left / each + 1, 1, FileSystem.MAX_DIRECTORY_PAGE);
    }

    private boolean wantsMuch() {
      return wanted.contains(Attribute.MODE) || wanted.contains(Attribute.FILEHANDLE);
    }
  }
}
