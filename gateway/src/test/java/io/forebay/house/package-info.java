/**
 * The house rules as tests: who may depend on whom, and what the text of the project looks like.
 */
@NullMarked
package io.forebay.house;

import org.jspecify.annotations.NullMarked;
