/**
 * The core of a device: {@link dev.earshot.agent.Agent} says who it is, reports its intervals,
 * takes commands and moves from one model to the next. It knows no network and no file: those come
 * through {@link dev.earshot.agent.port}. All of it runs on one thread that the owner chooses;
 * thousands of agents may share that thread.
 */
@NullMarked
package dev.earshot.agent;

import org.jspecify.annotations.NullMarked;
