/**
 * What one device and one fleet may ask of a gateway, so that none starves the others. Sockets and
 * sessions are counted; CONNECTs and messages have rates. What comes too fast is slowed where it
 * can be (a CONNECT waits, a socket is not read) and refused where it can't; no message is ever
 * dropped. Everything holds for one gateway: two gateways let in twice as much.
 */
@NullMarked
package dev.earshot.gateway.limits;

import org.jspecify.annotations.NullMarked;
