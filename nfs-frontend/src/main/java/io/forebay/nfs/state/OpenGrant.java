package io.forebay.nfs.state;

import io.forebay.nfs.op.StateId;

/**
 * A granted OPEN.
 *
 * @param fresh whether the owner did not have the file open before
 */
public record OpenGrant(StateId stateId, boolean fresh) {}
