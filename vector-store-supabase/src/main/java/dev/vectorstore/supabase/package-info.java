/** The engine over Supabase: PostgREST in front of Postgres with pgvector. */
@NullMarked
package dev.vectorstore.supabase;

import org.jspecify.annotations.NullMarked;
