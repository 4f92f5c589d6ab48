-- Errors ------------------------------------------------------------------------------------------------

create function vector_store.fail(state text, message text) returns void
language plpgsql as $$
begin
  raise exception using errcode = state, message = 'vector_store: ' || message;
end
$$;

-- What a row breaks, without its values.
create function vector_store.broken(state text, constraint_name text, column_name text) returns text
language sql immutable
return case
    when constraint_name <> '' then format('breaks the constraint %I of its table', constraint_name)
    when column_name <> '' then format('has no value for the column %I', column_name)
    when state like '22%' then 'has a value that doesn''t fit its column'
    else 'is refused by a trigger or constraint of its table' end || ' (' || state || ')';

-- The version of this script; clients refuse one that is older than they need.
create function vector_store.version() returns integer
language sql immutable
return @version@;
