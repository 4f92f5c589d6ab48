/**
 * The engine over Supabase: Postgres with pgvector, behind PostgREST or by a connection of its own.
 *
 * <p>{@link dev.vectorstore.supabase.Supabase} and {@link dev.vectorstore.supabase.Postgres} open a
 * store. {@code SupabaseEngine} joins collections of our SQL (package {@code managed}) with tables
 * as others made them ({@code tables}), over the transports {@code rest} and {@code postgres}.
 */
@NullMarked
package dev.vectorstore.supabase;

import org.jspecify.annotations.NullMarked;
