using System.Text;
using System.Text.Json;
using Vedette.Model.Datapaths;

namespace Vedette.Model.Formats;

/// <summary>Fills a template with what datapaths find.</summary>
public static class Format
{
    /// <summary>Characters that a text may have: a template with many rows would otherwise fill the memory.</summary>
    public const int Longest = 16 * 1024 * 1024;

    public static Formatted Render(IRunData data, FormatRequest request)
    {
        var template = Template.Parse(request.Template);
        var columns = new Columns(data, request);
        var text = new StringBuilder();
        IReadOnlyList<string>? list = null;
        foreach (var part in template.Parts)
        {
            if (!part.Repeated)
            {
                WriteOnce(text, part, columns, request);
                continue;
            }
            var repetitions = Repeat(part, columns, request);
            list ??= [.. repetitions.Select(repetition => repetition.Trim('\r', '\n'))];
            text.AppendJoin('\n', repetitions);
            Bounded(text.Length);
        }
        var whole = text.ToString();
        return new(whole, list ?? [whole]);
    }

    private static void WriteOnce(StringBuilder text, Template.Part part, Columns columns, FormatRequest request)
    {
        foreach (var piece in part.Pieces)
        {
            if (columns.Of(piece.Field) is not { } values)
            {
                text.Append(piece.Text);
                continue;
            }
            var first = true;
            foreach (var value in values)
            {
                if (request.DropNone && JsonValues.IsNone(value))
                    continue;
                if (!first)
                    text.Append(request.Separator);
                first = false;
                text.Append(Printed(value));
                Bounded(text.Length);
            }
        }
    }

    private static List<string> Repeat(Template.Part part, Columns columns, FormatRequest request)
    {
        var height = -1;
        foreach (var piece in part.Pieces)
        {
            if (columns.Of(piece.Field) is { } values)
                height = Math.Max(height, values.Count);
        }
        if (height < 0)
            height = 1;
        var repetitions = new List<string>(height);
        var line = new StringBuilder();
        var length = 0L;
        for (var row = 0; row < height; row++)
        {
            line.Clear();
            var fields = 0;
            var found = 0;
            foreach (var piece in part.Pieces)
            {
                if (columns.Of(piece.Field) is not { } values)
                {
                    line.Append(piece.Text);
                    continue;
                }
                fields++;
                var at = values.Count == 1 ? 0 : row;
                if (at >= values.Count || (request.DropNone && JsonValues.IsNone(values[at])))
                    continue;
                found++;
                line.Append(Printed(values[at]));
            }
            length += line.Length;
            Bounded(length);
            if (!request.DropNone || fields == 0 || found > 0)
                repetitions.Add(line.ToString());
        }
        return repetitions;
    }

    private static void Bounded(long length)
    {
        if (length > Longest)
            throw new FormatException($"The formatted text is longer than {Longest} characters.");
    }

    private static string Printed(JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                return PythonText.Json(value);
            case JsonValueKind.Array:
                foreach (var element in value.EnumerateArray())
                {
                    if (element.ValueKind is JsonValueKind.Object or JsonValueKind.Array)
                        return PythonText.Json(value);
                }
                return string.Join(", ", value.EnumerateArray().Select(PythonText.Str));
            default:
                return PythonText.Str(value);
        }
    }

    /// <summary>The values of each parameter, looked up when the template first uses it.</summary>
    private sealed class Columns(IRunData data, FormatRequest request)
    {
        private readonly List<JsonElement>?[] _found = new List<JsonElement>?[request.Parameters.Count];

        public List<JsonElement>? Of(int field)
        {
            if (field < 0 || field >= _found.Length)
                return null;
            return _found[field] ??= Find(request.Parameters[field]);
        }

        private List<JsonElement> Find(JsonElement parameter)
        {
            if (parameter.ValueKind == JsonValueKind.Array)
                return [.. parameter.EnumerateArray()];
            if (parameter.ValueKind != JsonValueKind.String)
                return [parameter];
            var path = JsonValues.Text(parameter);
            if (!Datapath.Is(path))
                return [parameter];
            var rows = Collect.Rows(data, new([path]) { Scope = request.Scope, FilterArtifacts = request.FilterArtifacts });
            return rows.ConvertAll(row => row[0]);
        }
    }
}
