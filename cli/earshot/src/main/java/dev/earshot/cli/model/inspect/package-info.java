/**
 * {@code earshot model inspect}: what a model file is made of, what it needs, which chips can run
 * it and what that would cost there, for people and for programs.
 */
@NullMarked
package dev.earshot.cli.model.inspect;

import org.jspecify.annotations.NullMarked;
