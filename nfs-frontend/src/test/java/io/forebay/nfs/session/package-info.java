/** Tests of clients, sessions, slots, leases and grace. */
@NullMarked
package io.forebay.nfs.session;

import org.jspecify.annotations.NullMarked;
