using Npgsql;
using NpgsqlTypes;
using Vedette.Storage.Tables;

namespace Vedette.Storage.Postgres;

/// <summary>The parameters of a statement, added in their order.</summary>
internal sealed class Values(NpgsqlParameterCollection parameters, IReadOnlyList<Column>? columns = null)
{
    public void Add(long value) => parameters.Add(new NpgsqlParameter<long> { TypedValue = value });

    public void Add(long? value)
    {
        if (value is { } number)
            Add(number);
        else
            AddNull(NpgsqlDbType.Bigint);
    }

    /// <summary>A value in the form the database keeps, or a list of such.</summary>
    /// <param name="kind">What a null is a null of.</param>
    public void Add(object? value, ColumnKind kind = ColumnKind.Text)
    {
        switch (value)
        {
            case null: AddNull(TypeOf(kind)); break;
            case long number: Add(number); break;
            case double number: parameters.Add(new NpgsqlParameter<double> { TypedValue = number }); break;
            case string text: Add(text); break;
            case byte[] bytes: parameters.Add(new NpgsqlParameter<byte[]> { TypedValue = bytes }); break;
            case string[] texts: parameters.Add(new NpgsqlParameter<string[]> { TypedValue = Array.ConvertAll(texts, PostgresText.Write) }); break;
            case long[] numbers: parameters.Add(new NpgsqlParameter<long[]> { TypedValue = numbers }); break;
            case double[] numbers: parameters.Add(new NpgsqlParameter<double[]> { TypedValue = numbers }); break;
            default: throw new ArgumentException($"A value of type {value.GetType().Name} has no form in the database.");
        }
    }

    public void Add(string text) => parameters.Add(new NpgsqlParameter<string> { TypedValue = PostgresText.Write(text), NpgsqlDbType = NpgsqlDbType.Text });

    // As rows are bound; the index says which column a null is of.
    public void Bind(int index, long value) => Add(value);

    public void Bind(int index, string? value)
    {
        if (value is null)
            BindNull(index);
        else
            Add(value);
    }

    public void Bind(int index, byte[]? value)
    {
        if (value is null)
            BindNull(index);
        else
            parameters.Add(new NpgsqlParameter<byte[]> { TypedValue = value });
    }

    public void BindNull(int index) => AddNull(TypeOf(columns![index - 1].Kind));

    private void AddNull(NpgsqlDbType type) => parameters.Add(new NpgsqlParameter { NpgsqlDbType = type, Value = DBNull.Value });

    private static NpgsqlDbType TypeOf(ColumnKind kind) => kind switch
    {
        ColumnKind.Text => NpgsqlDbType.Text,
        ColumnKind.Bytes => NpgsqlDbType.Bytea,
        _ => NpgsqlDbType.Bigint,
    };
}
