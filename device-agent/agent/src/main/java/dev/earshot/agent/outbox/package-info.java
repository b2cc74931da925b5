/**
 * Heartbeats that wait for the gateway, on flash: a ring of pages in one file of fixed size. Each
 * page is checked by its own checksum and says where the line stands, so that a write that the
 * power cut tore is noticed and costs nothing that was kept before.
 */
@NullMarked
package dev.earshot.agent.outbox;

import org.jspecify.annotations.NullMarked;
