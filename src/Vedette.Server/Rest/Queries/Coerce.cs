using System.Globalization;

namespace Vedette.Server.Rest.Queries;

/// <summary>A literal as the column's type has it: clients quote numbers and truth values, and write times in many ways.</summary>
internal static class Coerce
{
    public static object? To(Field field, object? value)
    {
        if (value is null)
        {
            return value;
        }

        if (field.Type.IsEnum)
        {
            return Enum.TryParse(field.Type, Text(value), ignoreCase: true, out var word) ? word : throw Bad(field, value, $"one of {string.Join(", ", Enum.GetNames(field.Type)).ToLowerInvariant()}");
        }

        if (field.Type == typeof(bool))
        {
            return value switch
            {
                bool truth => truth,
                string text when bool.TryParse(text, out var truth) => truth,
                long number => number != 0,
                _ => throw Bad(field, value, "a truth value"),
            };
        }

        if (field.Type == typeof(long) || field.Type == typeof(int))
        {
            return Whole(value) ?? throw Bad(field, value, "a whole number");
        }

        if (field.Type == typeof(DateTimeOffset))
        {
            return Wire.Time(Text(value)) ?? throw Bad(field, value, "a time");
        }

        return Text(value);
    }

    public static long? Whole(object? value) => value switch
    {
        long number => number,
        bool truth => truth ? 1 : 0,
        string text when long.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var number) => number,
        _ => null,
    };

    public static string Text(object? value) => value switch
    {
        null => "",
        bool truth => truth ? "true" : "false",
        string text => text,
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => throw new BadQueryException("A list does not fit here."),
    };

    private static BadQueryException Bad(Field field, object value, string wanted) =>
        new($"{field.Name} takes {wanted}, not \"{(value is IReadOnlyList<object?> ? "a list" : Text(value))}\".");
}
