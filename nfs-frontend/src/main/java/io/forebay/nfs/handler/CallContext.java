package io.forebay.nfs.handler;

import io.forebay.nfs.session.Origin;
import io.forebay.nfs.session.RequestShape;

/**
 * What a COMPOUND comes with.
 *
 * @param origin the connection and the credential
 * @param shape size and checksum of the request
 */
public record CallContext(Origin origin, RequestShape shape) {}
