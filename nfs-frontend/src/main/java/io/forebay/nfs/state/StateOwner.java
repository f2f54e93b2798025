package io.forebay.nfs.state;

import io.forebay.nfs.xdr.Opaque;

/** An open owner or lock owner: names are unique within a client (RFC 8881 section 9.2). */
record StateOwner(long clientId, Opaque name) {}
