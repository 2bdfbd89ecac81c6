using System.Globalization;
using System.Text;
using Vedette.Engine.Repositories;

namespace Vedette.Git;

/// <summary>One commit, as <c>git fast-import</c> reads it.</summary>
internal static class ImportStream
{
    public static byte[] Of(string reference, IReadOnlyList<string> parents, IReadOnlyDictionary<string, byte[]?> files, CommitWords words)
    {
        using var stream = new MemoryStream();
        var who = $"{Person(words.Author)} <{Person(words.Mail)}> {words.At.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)} +0000";
        Line(stream, $"commit {reference}");
        Line(stream, $"author {who}");
        Line(stream, $"committer {who}");
        Data(stream, Encoding.UTF8.GetBytes(words.Message.Replace("\0", "", StringComparison.Ordinal)));
        foreach (var (at, parent) in parents.Index())
        {
            Line(stream, $"{(at == 0 ? "from" : "merge")} {parent}");
        }

        foreach (var (path, content) in files)
        {
            if (content is null)
            {
                Line(stream, $"D {Quoted(path)}");
            }
            else
            {
                Line(stream, $"M 100644 inline {Quoted(path)}");
                Data(stream, content);
            }
        }

        Line(stream, "done");
        return stream.ToArray();
    }

    /// <summary>Nothing that ends a name or a line.</summary>
    private static string Person(string text) => new([.. text.Select(c => c is '<' or '>' || char.IsControl(c) ? ' ' : c)]);

    private static string Quoted(string path) => $"\"{path.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal)}\"";

    private static void Line(Stream stream, string line) => stream.Write(Encoding.UTF8.GetBytes(line + "\n"));

    private static void Data(Stream stream, byte[] content)
    {
        Line(stream, $"data {content.Length.ToString(CultureInfo.InvariantCulture)}");
        stream.Write(content);
        Line(stream, "");
    }
}
