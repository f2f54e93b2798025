/**
 * The metadata store: schema, the writer thread with its group commit, read connections, and
 * everything that speaks SQL. The only package that touches JDBC. Depends on {@code
 * io.forebay.engine} and {@code io.forebay.engine.segment}.
 */
@NullMarked
package io.forebay.engine.metadata;

import org.jspecify.annotations.NullMarked;
