package io.forebay.nfs.state;

import io.forebay.nfs.op.StateId;

/** The locks one lock owner got through one open. */
final class LockState extends State {
  private final OpenState open;

  LockState(StateId first, StateOwner owner, OpenState open) {
    super(first, owner, open.file());
    this.open = open;
  }

  @Override
  OpenState open() {
    return open;
  }
}
