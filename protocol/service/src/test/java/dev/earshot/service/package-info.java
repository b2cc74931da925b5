@NullMarked
package dev.earshot.service;

import org.jspecify.annotations.NullMarked;
