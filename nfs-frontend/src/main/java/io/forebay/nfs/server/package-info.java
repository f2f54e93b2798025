/**
 * The door of the NFS frontend: TCP connections, records, and the bridge from event loops to
 * virtual threads. Event loops frame and write; each request is decoded, run and encoded on a
 * virtual thread of its own. Depends on all other packages of the frontend; nothing depends on it.
 */
@NullMarked
package io.forebay.nfs.server;

import org.jspecify.annotations.NullMarked;
