package dev.vectorstore.supabase.postgres;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import dev.vectorstore.VectorStoreException.MalformedResponse;
import dev.vectorstore.VectorStoreException.UnsupportedFeature;
import dev.vectorstore.supabase.managed.Functions;
import dev.vectorstore.supabase.managed.ServerFunction;
import dev.vectorstore.supabase.managed.SqlErrors;
import dev.vectorstore.support.Attempt;
import dev.vectorstore.support.Effect;
import dev.vectorstore.support.PayloadJson;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.List;
import java.util.OptionalInt;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/** Our functions over a connection to Postgres. Safe for threads. */
public final class PostgresFunctions implements Functions {
  /** What PostgREST, too, makes of a null of SQL. */
  private static final byte[] NULL = "null".getBytes(StandardCharsets.US_ASCII);

  private final PostgresClient calls;

  public PostgresFunctions(PostgresClient calls) {
    this.calls = calls;
  }

  @Override
  public <T> T call(ServerFunction function, Request request, Answer<T> answer, Attempt attempt) {
    String sql = "select public." + function.sqlName() + "(?::json)";
    byte[] value = value(function, sql, List.of(text(request)), attempt);
    return read(value, answer);
  }

  @Override
  public OptionalInt version(Attempt attempt) {
    String sql = "select public." + ServerFunction.VERSION.sqlName() + "()";
    try {
      byte[] value = value(ServerFunction.VERSION, sql, List.of(), attempt);
      return OptionalInt.of(read(value, JsonParser::getIntValue));
    } catch (UnsupportedFeature noFunction) {
      return OptionalInt.empty();
    }
  }

  private byte[] value(ServerFunction function, String sql, List<?> values, Attempt attempt) {
    return calls.run(
        function.effect(),
        attempt,
        session -> {
          try {
            return session.query(
                sql,
                values,
                rows -> {
                  rows.next();
                  byte[] value = rows.getBytes(1);
                  return value == null ? NULL : value;
                });
          } catch (SQLException refused) {
            throw ofTheFunction(refused, function.effect());
          }
        });
  }

  /** What the server itself refused was rolled back, and the connection serves again. */
  private static SQLException ofTheFunction(SQLException refused, Effect effect)
      throws SQLException {
    if (refused instanceof PSQLException said
        && !ConnectionErrors.isBroken(said)
        && said.getServerErrorMessage() != null) {
      ServerErrorMessage message = said.getServerErrorMessage();
      String state = String.valueOf(said.getSQLState());
      String text = String.valueOf(message.getMessage());
      throw new SqlErrors(state, text, SqlErrors.Source.FUNCTION, effect, " (" + state + ")", null)
          .toException();
    }
    throw refused;
  }

  private static <T> T read(byte[] value, Answer<T> answer) {
    try (JsonParser in = PayloadJson.rows().createParser(value)) {
      if (in.nextToken() == null) {
        throw new MalformedResponse("the function's answer is empty");
      }
      return answer.read(in);
    } catch (IOException notJson) {
      throw new MalformedResponse(
          "the function's answer isn't what it says", new IOException("not JSON"));
    }
  }

  private static String text(Request request) {
    StringWriter text = new StringWriter();
    try (JsonGenerator out = PayloadJson.factory().createGenerator(text)) {
      request.write(out);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return text.toString();
  }
}
