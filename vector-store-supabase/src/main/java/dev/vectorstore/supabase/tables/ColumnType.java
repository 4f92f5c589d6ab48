package dev.vectorstore.supabase.tables;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a column holds, as far as reading and filtering tell types apart.
 *
 * @param kind the family of the type
 * @param format the type in PostgREST's words, such as "public.vector(384)"
 * @param dimension of a vector that has a declared one, else 0
 */
public record ColumnType(Kind kind, String format, int dimension) {
  /** Families of Postgres types. */
  public enum Kind {
    /** smallint, integer, bigint: whole numbers that an int64 holds. */
    INTEGER,
    /** real, double precision: a whole number is a double too. */
    FLOAT,
    BOOLEAN,
    /** text and varchar: compared byte by byte. */
    TEXT,
    UUID,
    JSONB,
    /** vector and halfvec. */
    VECTOR,
    /** Types of pgvector that no record can hold. */
    FOREIGN_VECTOR,
    /** Read as what PostgREST prints, and never filtered. */
    OTHER
  }

  /** Perhaps a schema, a name, perhaps a length. */
  private static final Pattern PGVECTOR =
      Pattern.compile("(?:.*\\.)?\"?(vector|halfvec|sparsevec)\"?(?:\\((\\d+)\\))?");

  public static ColumnType of(String format) {
    Matcher pgvector = PGVECTOR.matcher(format);
    if (pgvector.matches()) {
      Kind kind = pgvector.group(1).equals("sparsevec") ? Kind.FOREIGN_VECTOR : Kind.VECTOR;
      String length = pgvector.group(2);
      return new ColumnType(kind, format, length == null ? 0 : Integer.parseInt(length));
    }
    return new ColumnType(plainKind(format.toLowerCase(Locale.ROOT)), format, 0);
  }

  private static Kind plainKind(String format) {
    return switch (format) {
      case "smallint", "integer", "bigint" -> Kind.INTEGER;
      case "real", "double precision" -> Kind.FLOAT;
      case "boolean" -> Kind.BOOLEAN;
      case "text", "character varying" -> Kind.TEXT;
      case "uuid" -> Kind.UUID;
      case "jsonb" -> Kind.JSONB;
      default -> Kind.OTHER;
    };
  }

  /** The smallest value of an integer type; the largest is its complement. */
  long smallest() {
    return switch (format) {
      case "smallint" -> Short.MIN_VALUE;
      case "integer" -> Integer.MIN_VALUE;
      default -> Long.MIN_VALUE;
    };
  }

  boolean holds(long value) {
    return value >= smallest() && value <= ~smallest();
  }
}
