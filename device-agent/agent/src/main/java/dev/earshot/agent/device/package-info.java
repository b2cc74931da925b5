/**
 * The agent as a program: MQTT by Paho, files for flash, HTTP for downloads, the engine on a WAV
 * file for listening, and the command that puts them together.
 */
@NullMarked
package dev.earshot.agent.device;

import org.jspecify.annotations.NullMarked;
