/**
 * The engine's face: files, objects, identity, durability, errors. Frontends read this package and
 * nothing else of the engine. It knows neither NFS nor HTTP.
 *
 * <p>Threads: every method may block (on a database, a disk, the backing bucket) unless its Javadoc
 * says otherwise, and is meant for virtual threads; never call one from an event loop. All
 * implementations are thread-safe; {@link io.forebay.engine.OpenFile}, {@link
 * io.forebay.engine.ContentWriter} and {@link io.forebay.engine.Payload} say who may use them.
 *
 * <p>Errors: {@link io.forebay.engine.EngineException} with a neutral {@link
 * io.forebay.engine.ErrorCode}; nothing else is thrown for anything a caller or the world did.
 */
@NullMarked
package io.forebay.engine;

import org.jspecify.annotations.NullMarked;
