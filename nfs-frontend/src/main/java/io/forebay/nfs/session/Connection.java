package io.forebay.nfs.session;

import java.net.InetAddress;

/**
 * A client's TCP connection.
 *
 * @param id never used for another connection of this process
 * @param address the other end
 */
public record Connection(long id, InetAddress address) {}
