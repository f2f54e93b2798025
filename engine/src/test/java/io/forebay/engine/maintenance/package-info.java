/** Work that nobody waits for, under faults. */
@NullMarked
package io.forebay.engine.maintenance;

import org.jspecify.annotations.NullMarked;
