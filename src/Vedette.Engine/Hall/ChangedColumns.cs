using System.Text.Json;
using System.Text.Json.Nodes;

namespace Vedette.Engine.Hall;

/// <summary>Columns that move, and what the record says about it.</summary>
internal sealed class ChangedColumns
{
    private readonly List<(string Column, object? Value)> _values = [];

    public IReadOnlyList<(string Column, object? Value)> Values => _values;

    public bool Has(string column) => _values.Exists(value => value.Column == column);

    public void Put(string column, object? value)
    {
        _values.RemoveAll(other => other.Column == column);
        _values.Add((column, value));
    }

    public void Move<T>(string column, T stored, T wanted)
    {
        if (!EqualityComparer<T>.Default.Equals(stored, wanted))
        {
            Put(column, wanted);
        }
    }

    public void Move(string column, DateTimeOffset? stored, Set<DateTimeOffset?>? wanted)
    {
        if (wanted is { } set)
        {
            Move(column, stored, set.To);
        }
    }

    /// <summary>Long text and JSON are named only: their content is in the row, and the audit trail is for who did what.</summary>
    public static JsonObject ForAudit(IReadOnlyList<(string Column, object? Value)> columns)
    {
        var content = new JsonObject();
        foreach (var (column, value) in columns)
        {
            var name = JsonNamingPolicy.SnakeCaseLower.ConvertName(column);
            content[name] = value switch
            {
                null => null,
                string { Length: > 200 } => "(changed)",
                string text => text,
                long number => number,
                bool truth => truth,
                DateTimeOffset time => time.UtcDateTime.ToString("O"),
                _ => "(changed)",
            };
        }

        return content;
    }
}
