/**
 * The program vector-store: a class a command, beside what they share. Start with {@code Main} and
 * {@code RootCommand}; {@code Stores} opens stores by URL, {@code Console} is the only place that
 * prints.
 */
@NullMarked
package dev.vectorstore.cli;

import org.jspecify.annotations.NullMarked;
