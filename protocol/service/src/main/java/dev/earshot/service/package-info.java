/**
 * How every service meets the world: {@link dev.earshot.service.Settings} from the environment,
 * {@link dev.earshot.service.HttpEdge} with health, metrics and problem responses, and Kafka topics
 * and clients with the durability that Earshot promises. No behaviour of any one service lives
 * here.
 */
@NullMarked
package dev.earshot.service;

import org.jspecify.annotations.NullMarked;
