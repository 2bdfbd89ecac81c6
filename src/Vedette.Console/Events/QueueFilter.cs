using System.Text;

namespace Vedette.Console.Events;

/// <summary>
/// A filter as it is typed: <c>status:new,open -label:test owner:me impossible travel</c>. The text is the truth, tokens are its drawing.
/// </summary>
/// <param name="Tokens">In the order they were typed.</param>
public sealed record QueueFilter(IReadOnlyList<QueueFilter.Token> Tokens)
{
    /// <summary>What can stand before a colon.</summary>
    public static IReadOnlyList<string> Fields { get; } = ["status", "severity", "label", "owner", "type", "tag", "id", "is", "age", "value"];

    public static QueueFilter Nothing { get; } = new([]);

    /// <param name="Field">Empty for a word that names or descriptions contain.</param>
    /// <param name="Values">Alternatives.</param>
    /// <param name="Not">What has it is left out.</param>
    public sealed record Token(string Field, IReadOnlyList<string> Values, bool Not)
    {
        public override string ToString() => (Not ? "-" : "") + (Field.Length == 0 ? "" : Field + ":") + string.Join(',', Values.Select(Quoted));

        private static string Quoted(string value) => value.Length == 0 || value.AsSpan().ContainsAny(" ,\":") ? $"\"{value.Replace("\"", "\\\"", StringComparison.Ordinal)}\"" : value;
    }

    /// <summary>Reads any text; a field that is not known is a word like any other.</summary>
    public static QueueFilter Parse(string? text)
    {
        var tokens = new List<Token>();
        var at = 0;
        var source = text ?? "";
        while (at < source.Length)
        {
            if (char.IsWhiteSpace(source[at]))
            {
                at++;
                continue;
            }

            var not = source[at] == '-' && at + 1 < source.Length && !char.IsWhiteSpace(source[at + 1]);
            at += not ? 1 : 0;
            var field = FieldAt(source, ref at);
            var values = new List<string> { ValueAt(source, ref at, field.Length > 0) };
            while (field.Length > 0 && at < source.Length && source[at] == ',')
            {
                at++;
                values.Add(ValueAt(source, ref at, true));
            }

            values.RemoveAll(value => value.Length == 0);
            if (values.Count > 0)
            {
                tokens.Add(new Token(field, values, not));
            }
        }

        return new QueueFilter(tokens);
    }

    public QueueFilter Without(Token token) => new([.. Tokens.Where(other => other.ToString() != token.ToString())]);

    /// <summary>The same with one field set anew.</summary>
    public QueueFilter With(string field, params IReadOnlyList<string> values) => new([.. Tokens.Where(token => token.Field != field || token.Not), new Token(field, values, false)]);

    public override string ToString() => string.Join(' ', Tokens);

    private static string FieldAt(string source, ref int at)
    {
        foreach (var field in Fields)
        {
            if (string.Compare(source, at, field, 0, field.Length, StringComparison.OrdinalIgnoreCase) == 0 && at + field.Length < source.Length && source[at + field.Length] == ':')
            {
                at += field.Length + 1;
                return field;
            }
        }

        return "";
    }

    private static string ValueAt(string source, ref int at, bool commaEnds)
    {
        var value = new StringBuilder();
        var quoted = at < source.Length && source[at] == '"';
        at += quoted ? 1 : 0;
        while (at < source.Length)
        {
            var character = source[at];
            if (quoted && character == '\\' && at + 1 < source.Length && source[at + 1] == '"')
            {
                value.Append('"');
                at += 2;
                continue;
            }

            if (quoted && character == '"')
            {
                at++;
                break;
            }

            if (!quoted && (char.IsWhiteSpace(character) || (commaEnds && character == ',')))
            {
                break;
            }

            value.Append(character);
            at++;
        }

        return value.ToString();
    }
}
