/**
 * Tables as others made them, over any transport: columns, keys and rows, and what of a filter they
 * can say. Start with {@code TableShape}, {@code RowReader} and {@code RowFilterCompiler}. No HTTP
 * and no JDBC. Not API.
 */
@NullMarked
package dev.vectorstore.supabase.tables;

import org.jspecify.annotations.NullMarked;
