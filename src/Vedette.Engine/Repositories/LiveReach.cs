using System.Text;
using Vedette.Engine.Storage;

namespace Vedette.Engine.Repositories;

/// <summary>
/// What is live: active playbooks, and what they call, and what that calls. A name counts as called where it stands in quotes in a source: rather too much
/// is held than a live run changed by a pull.
/// </summary>
internal static class LiveReach
{
    /// <param name="rows">All playbooks and custom functions.</param>
    /// <param name="source">Gives the source in force.</param>
    /// <returns>Their ids.</returns>
    public static async Task<IReadOnlySet<long>> Of(IReadOnlyList<PlaybookRow> rows, Func<PlaybookRow, Task<byte[]>> source)
    {
        var live = new HashSet<long>();
        var left = new Queue<PlaybookRow>(rows.Where(row => row is { Active: true, Disabled: false }));
        while (left.TryDequeue(out var row))
        {
            if (!live.Add(row.Id))
            {
                continue;
            }

            var text = Encoding.UTF8.GetString(await source(row));
            foreach (var other in rows.Where(other => !live.Contains(other.Id) && Names(text, other)))
            {
                left.Enqueue(other);
            }
        }

        return live;
    }

    private static bool Names(string text, PlaybookRow row) => Quoted(text, row.Name) || Quoted(text, $"{row.Repository}/{row.Name}");

    private static bool Quoted(string text, string name)
    {
        for (var at = text.IndexOf(name, StringComparison.Ordinal); at >= 0; at = text.IndexOf(name, at + 1, StringComparison.Ordinal))
        {
            if (at > 0 && text[at - 1] is '"' or '\'' && at + name.Length < text.Length && text[at + name.Length] is '"' or '\'')
            {
                return true;
            }
        }

        return false;
    }
}
