/** Tests of the NFS server's door: over sockets, with a client written by hand. */
@NullMarked
package io.forebay.nfs.server;

import org.jspecify.annotations.NullMarked;
