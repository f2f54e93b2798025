package io.forebay.nfs.handler;

import io.forebay.engine.Caller;
import io.forebay.engine.FileAttributes;
import io.forebay.engine.FileSystem;
import io.forebay.nfs.handler.Location.Inside;
import io.forebay.nfs.handler.Location.Pseudo;
import io.forebay.nfs.op.NfsException;
import io.forebay.nfs.op.NfsStatus;
import io.forebay.nfs.op.StateId;
import io.forebay.nfs.rpc.Credential;
import io.forebay.nfs.session.SlotLease;
import org.jspecify.annotations.Nullable;

/**
 * What one operation of a COMPOUND leaves to the next: the current and the saved file handle, each
 * with its stateid (RFC 8881 section 16.2.3.1). Belongs to one request.
 */
final class CompoundContext {
  private final SlotLease lease;
  private final ClientView view;
  private final Credential credential;
  private final ReplyBuilder reply;

  private @Nullable Location current;
  private @Nullable StateId currentStateId;
  private @Nullable Location saved;
  private @Nullable StateId savedStateId;

  private @Nullable ExportAccess callerAccess;
  private @Nullable Caller caller;

  CompoundContext(SlotLease lease, ClientView view, Credential credential, ReplyBuilder reply) {
    this.lease = lease;
    this.view = view;
    this.credential = credential;
    this.reply = reply;
  }

  SlotLease lease() {
    return lease;
  }

  long clientId() {
    return lease.clientId();
  }

  ClientView view() {
    return view;
  }

  /** Bytes that the running operation's result may still take. */
  int room() {
    return reply.room();
  }

  // --- file handles

  /** Throws NOFILEHANDLE where there is none. */
  Location current() {
    Location location = current;
    if (location == null) {
      throw new NfsException(NfsStatus.NOFILEHANDLE);
    }
    return location;
  }

  /** Throws NOFILEHANDLE where there is none. */
  Location saved() {
    Location location = saved;
    if (location == null) {
      throw new NfsException(NfsStatus.NOFILEHANDLE);
    }
    return location;
  }

  /** A new current file handle; it takes the current stateid away (section 16.2.3.1.2). */
  void become(Location location) {
    current = location;
    currentStateId = null;
  }

  /** SECINFO leaves no current file handle (section 2.6.3.1.1.8). */
  void consumeCurrent() {
    current = null;
    currentStateId = null;
  }

  void save() {
    saved = current();
    savedStateId = currentStateId;
  }

  void restore() {
    current = saved();
    currentStateId = savedStateId;
  }

  /** The current file as one that may be changed: ROFS where that is not so. */
  Inside writable() {
    return writable(current());
  }

  /** As {@link #writable()}, of any location. */
  static Inside writable(Location location) {
    return switch (location) {
      case Inside inside when !inside.access().isReadOnly() -> inside;
      case Inside inside -> throw new NfsException(NfsStatus.ROFS);
      case Pseudo pseudo -> throw new NfsException(NfsStatus.ROFS);
    };
  }

  /** The current file for an operation on regular files: ISDIR for a pseudo directory. */
  Inside file() {
    return switch (current()) {
      case Inside inside -> inside;
      case Pseudo pseudo -> throw new NfsException(NfsStatus.ISDIR);
    };
  }

  /** The saved file for an operation on regular files. */
  Inside savedFile() {
    return switch (saved()) {
      case Inside inside -> inside;
      case Pseudo pseudo -> throw new NfsException(NfsStatus.ISDIR);
    };
  }

  // --- stateids

  void setStateId(StateId stateId) {
    currentStateId = stateId;
  }

  /** What a stateid in an argument stands for; the current one loses its sequence number. */
  StateId resolve(StateId stateId) {
    StateId resolved = resolveExactly(stateId);
    // What CLOSE left must not turn into the anonymous one.
    return stateId.equals(StateId.CURRENT) && !resolved.isSpecial()
        ? resolved.withSeqid(0)
        : resolved;
  }

  /** As {@link #resolve}, for CLOSE and OPEN_DOWNGRADE, which keep it (section 8.2.3). */
  StateId resolveExactly(StateId stateId) {
    return stateId.equals(StateId.CURRENT) ? requireStateId() : stateId;
  }

  /** As {@link #resolve}, for an operation on the saved file. */
  StateId resolveSaved(StateId stateId) {
    if (!stateId.equals(StateId.CURRENT)) {
      return stateId;
    }
    StateId known = savedStateId;
    if (known == null) {
      throw new NfsException(NfsStatus.BAD_STATEID);
    }
    return known.isSpecial() ? known : known.withSeqid(0);
  }

  private StateId requireStateId() {
    StateId stateId = currentStateId;
    if (stateId == null) {
      throw new NfsException(NfsStatus.BAD_STATEID);
    }
    return stateId;
  }

  // --- who asks

  /** Who the request is from, as that export sees it. */
  Caller caller(ExportAccess access) {
    Caller known = caller;
    if (known == null || !access.equals(callerAccess)) {
      known = access.caller(credential);
      caller = known;
      callerAccess = access;
    }
    return known;
  }

  Caller caller(Inside location) {
    return caller(location.access());
  }

  static FileSystem fileSystem(Inside location) {
    return location.access().fileSystem();
  }

  /** Attributes as they are now. */
  static FileAttributes attributes(Inside location) {
    return location.access().fileSystem().attributes(location.inode());
  }

  /** Throws ISDIR, SYMLINK or WRONG_TYPE unless it is a regular file. */
  static void requireRegular(Inside location) {
    switch (attributes(location).type()) {
      case REGULAR -> {}
      case DIRECTORY -> throw new NfsException(NfsStatus.ISDIR);
      case SYMLINK -> throw new NfsException(NfsStatus.SYMLINK);
      case FIFO, SOCKET, CHARACTER_DEVICE, BLOCK_DEVICE ->
          throw new NfsException(NfsStatus.WRONG_TYPE);
    }
  }
}
