using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Vedette.Model.Datapaths;

namespace Vedette.Model.Formats;

/// <summary>JSON values as Python prints them.</summary>
public static class PythonText
{
    /// <summary>Python's <c>str()</c>: a string as it is, everything else as <see cref="Repr"/>.</summary>
    public static string Str(JsonElement value)
    {
        return value.ValueKind == JsonValueKind.String ? JsonValues.Text(value) : Repr(value);
    }

    /// <summary>Python's <c>repr()</c>: <c>{'a': [None, True, 'it']}</c>.</summary>
    public static string Repr(JsonElement value) => Written(value, Quote, "None", "True", "False");

    /// <summary>Python's <c>json.dumps()</c> without escapes for letters beyond ASCII: <c>{"a": [null, true]}</c>.</summary>
    public static string Json(JsonElement value) => Written(value, QuoteJson, "null", "true", "false");

    private static string Written(JsonElement value, Action<StringBuilder, string> quote, string none, string yes, string no)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Number:
                return Number(value);
            case JsonValueKind.True:
                return yes;
            case JsonValueKind.False:
                return no;
            case JsonValueKind.Null or JsonValueKind.Undefined:
                return none;
        }
        var text = new StringBuilder();
        Write(text, value);
        return text.ToString();

        void Write(StringBuilder into, JsonElement part)
        {
            switch (part.ValueKind)
            {
                case JsonValueKind.String:
                    quote(into, JsonValues.Text(part));
                    break;
                case JsonValueKind.Array:
                    WriteList(into, part);
                    break;
                case JsonValueKind.Object:
                    WriteDict(into, part);
                    break;
                default:
                    into.Append(Written(part, quote, none, yes, no));
                    break;
            }
        }

        void WriteList(StringBuilder into, JsonElement list)
        {
            var separator = "[";
            foreach (var element in list.EnumerateArray())
            {
                into.Append(separator);
                separator = ", ";
                Write(into, element);
            }
            into.Append(separator == "[" ? "[]" : "]");
        }

        void WriteDict(StringBuilder into, JsonElement dict)
        {
            var separator = "{";
            foreach (var property in dict.EnumerateObject())
            {
                into.Append(separator);
                separator = ", ";
                quote(into, JsonValues.Name(property));
                into.Append(": ");
                Write(into, property.Value);
            }
            into.Append(separator == "{" ? "{}" : "}");
        }
    }

    private static string Number(JsonElement value)
    {
        var raw = JsonMarshal.GetRawUtf8Value(value);
        if (raw.IndexOfAny("eE."u8) < 0)
            return raw.SequenceEqual("-0"u8) ? "0" : Encoding.ASCII.GetString(raw);
        return value.TryGetDouble(out var number) ? Float(number) : Encoding.ASCII.GetString(raw);
    }

    /// <summary>The shortest digits that give the number back, laid out as Python does: exponents below 1e-4 and from 1e16 on.</summary>
    public static string Float(double number)
    {
        if (double.IsNaN(number))
            return "nan";
        if (double.IsInfinity(number))
            return number > 0 ? "inf" : "-inf";
        if (number == 0)
            return double.IsNegative(number) ? "-0.0" : "0.0";
        var shortest = Math.Abs(number).ToString("R", CultureInfo.InvariantCulture);
        var exponentAt = shortest.IndexOf('E', StringComparison.Ordinal);
        var mantissa = exponentAt < 0 ? shortest : shortest[..exponentAt];
        var exponent = exponentAt < 0 ? 0 : int.Parse(shortest[(exponentAt + 1)..], CultureInfo.InvariantCulture);
        var dot = mantissa.IndexOf('.', StringComparison.Ordinal);
        var point = (dot < 0 ? mantissa.Length : dot) + exponent;
        var all = dot < 0 ? mantissa : mantissa.Remove(dot, 1);
        var digits = all.TrimStart('0');
        point -= all.Length - digits.Length;
        digits = digits.TrimEnd('0');
        return (number < 0 ? "-" : "") + Layout(digits, point);
    }

    private static string Layout(string digits, int point)
    {
        if (point is <= -4 or > 16)
        {
            var exponent = point - 1;
            var fraction = digits.Length > 1 ? "." + digits[1..] : "";
            var size = Math.Abs(exponent).ToString("00", CultureInfo.InvariantCulture);
            return $"{digits[0]}{fraction}e{(exponent < 0 ? '-' : '+')}{size}";
        }
        if (point <= 0)
            return "0." + new string('0', -point) + digits;
        return digits.Length <= point ? digits.PadRight(point, '0') + ".0" : digits[..point] + "." + digits[point..];
    }

    private static void Quote(StringBuilder into, string text)
    {
        var quote = text.Contains('\'', StringComparison.Ordinal) && !text.Contains('"', StringComparison.Ordinal) ? '"' : '\'';
        into.Append(quote);
        for (var at = 0; at < text.Length; at++)
        {
            var letter = text[at];
            if (letter == quote || letter == '\\')
                into.Append('\\').Append(letter);
            else if (letter == '\n')
                into.Append("\\n");
            else if (letter == '\r')
                into.Append("\\r");
            else if (letter == '\t')
                into.Append("\\t");
            else if (char.IsHighSurrogate(letter) && at + 1 < text.Length && char.IsLowSurrogate(text[at + 1]))
                into.Append(letter).Append(text[++at]);
            else if (IsPrintable(letter))
                into.Append(letter);
            else
                into.Append(CultureInfo.InvariantCulture, $"{(letter < 256 ? "\\x" : "\\u")}{((int)letter).ToString(letter < 256 ? "x2" : "x4", CultureInfo.InvariantCulture)}");
        }
        into.Append(quote);
    }

    private static bool IsPrintable(char letter) => letter == ' ' || char.GetUnicodeCategory(letter) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse
        or UnicodeCategory.OtherNotAssigned or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        or UnicodeCategory.SpaceSeparator);

    private static void QuoteJson(StringBuilder into, string text)
    {
        into.Append('"');
        foreach (var letter in text)
        {
            _ = letter switch
            {
                '"' => into.Append("\\\""),
                '\\' => into.Append("\\\\"),
                '\n' => into.Append("\\n"),
                '\r' => into.Append("\\r"),
                '\t' => into.Append("\\t"),
                '\b' => into.Append("\\b"),
                '\f' => into.Append("\\f"),
                < ' ' => into.Append(CultureInfo.InvariantCulture, $"\\u{(int)letter:x4}"),
                _ => into.Append(letter),
            };
        }
        into.Append('"');
    }
}
