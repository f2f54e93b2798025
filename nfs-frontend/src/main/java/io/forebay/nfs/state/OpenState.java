package io.forebay.nfs.state;

import io.forebay.ambient.Invariant;
import io.forebay.engine.OpenFile;
import io.forebay.nfs.op.StateId;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One open owner's opens of one file, and the engine's files behind them. */
final class OpenState extends State {
  private final ClientStates client;
  private final Map<StateOwner, LockState> locks = new HashMap<>();
  private volatile ShareMode mode;
  private volatile @Nullable SharedFile reading;
  private volatile @Nullable SharedFile writing;

  OpenState(StateId first, StateOwner owner, FileStates file, ClientStates client, ShareMode mode) {
    super(first, owner, file);
    this.client = client;
    this.mode = mode;
  }

  @Override
  OpenState open() {
    return this;
  }

  ClientStates client() {
    return client;
  }

  ShareMode mode() {
    return mode;
  }

  void mode(ShareMode newMode) {
    mode = newMode;
  }

  /** By lock owner; guarded by the file's lock. */
  Map<StateOwner, LockState> locks() {
    return locks;
  }

  /**
   * Takes the file over where it adds a right.
   *
   * @return files to release once no lock is held
   */
  List<SharedFile> adopt(OpenFile file) {
    SharedFile added = new SharedFile(file);
    boolean reads = file.access().reads();
    boolean writes = file.access().writes();
    if ((!reads || reading != null) && (!writes || writing != null)) {
      return List.of(added);
    }
    Set<SharedFile> released = files();
    if (reads) {
      reading = added;
    }
    if (writes) {
      writing = added;
    }
    released.removeAll(files());
    return List.copyOf(released);
  }

  /** The file for an operation; null when it is closed or the open never was for that. */
  @Nullable SharedFile fileFor(boolean write) {
    return write ? writing : reading;
  }

  /** Ends the open. The files are to be released once no lock is held. */
  Set<SharedFile> surrender() {
    Invariant.check(isLive(), "an open ends once");
    Set<SharedFile> files = files();
    end();
    reading = null;
    writing = null;
    return files;
  }

  private Set<SharedFile> files() {
    Set<SharedFile> files = new LinkedHashSet<>();
    SharedFile reader = reading;
    SharedFile writer = writing;
    if (reader != null) {
      files.add(reader);
    }
    if (writer != null) {
      files.add(writer);
    }
    return files;
  }
}
