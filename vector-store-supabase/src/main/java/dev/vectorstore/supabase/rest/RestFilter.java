package dev.vectorstore.supabase.rest;

import dev.vectorstore.supabase.tables.Condition;
import dev.vectorstore.support.Bounds;
import java.util.List;

/**
 * Holds a filter for both ways to read a table. One of them may have no word for it.
 *
 * @param rows the condition on rows, for scan and count
 * @param calls the calls of the search function, none of which is needed if it is empty
 */
record RestFilter(Bounds<Condition> rows, Bounds<List<MatchFilter>> calls) {}
