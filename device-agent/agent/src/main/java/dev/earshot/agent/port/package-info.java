/**
 * What an agent needs from the world around it: a way to publish, to fetch, to keep things over a
 * power cut, to listen, and to wait. A real device and a simulated one differ only in these. Every
 * method is called on the agent's thread, and every callback must come back on it.
 */
@NullMarked
package dev.earshot.agent.port;

import org.jspecify.annotations.NullMarked;
