using System.Text;
using System.Text.Json;
using Vedette.Engine.Apps;
using Vedette.Engine.Playbooks;
using Vedette.Engine.Storage;
using Vedette.Model;
using Vedette.Sdk;

namespace Vedette.Engine.Repositories;

/// <summary>A version of a playbook with what it says of itself.</summary>
/// <param name="Reach">The furthest its actions go; null where one is of no installed app, or only a run knows it.</param>
internal sealed record ReadVersion(FoundPlaybook Playbook, SourceFacts Facts, IReadOnlyList<NewAsk> Asks, Reach? Reach);

/// <summary>Compares versions of playbooks by their blocks and by what they ask for.</summary>
internal sealed class VersionReader(IPlaybooks playbooks, IApps apps)
{
    /// <summary>What stands in no block: imports, values, plain functions.</summary>
    public const string Outside = "(outside of blocks)";

    public async Task<ReadVersion> Read(FoundPlaybook playbook, CancellationToken ct)
    {
        var import = playbook.Import("");
        var facts = await playbooks.Facts(playbook.Name, playbook.Source, !import.PythonVersion.StartsWith('3'), ct);
        var manifests = await Manifests(ct);
        var asks = facts.Asks.Select(ask => new NewAsk(ask.Kind, ask.What ?? "", ask.Block, ask.Assets, ReachOf(ask, manifests))).ToList();
        var acts = asks.Where(ask => ask.Kind == "act").ToList();
        return new ReadVersion(playbook, facts, asks, acts.Exists(ask => ask.Reach is null) ? null : acts.Select(ask => ask.Reach!.Value).DefaultIfEmpty(Reach.Reads).Max());
    }

    public static IReadOnlyList<BlockDiff> Blocks(ReadVersion? before, ReadVersion? after)
    {
        var (older, newer) = (Texts(before), Texts(after));
        return
        [
            .. newer.Where(block => !older.ContainsKey(block.Key)).Select(block => new BlockDiff(block.Key, "came")),
            .. newer.Where(block => older.TryGetValue(block.Key, out var text) && text != block.Value).Select(block => new BlockDiff(block.Key, "changed")),
            .. older.Where(block => !newer.ContainsKey(block.Key)).Select(block => new BlockDiff(block.Key, "went")),
        ];
    }

    public static IReadOnlyList<NewAsk> Asks(ReadVersion? before, ReadVersion? after) =>
        [.. (after?.Asks ?? []).Where(ask => before is null || !before.Asks.Any(known => known.Kind == ask.Kind && known.What == ask.What && known.Assets.SequenceEqual(ask.Assets)))];

    /// <summary>Why the newer may go further than the older; null when it may not.</summary>
    public static string? Further(ReadVersion before, ReadVersion after)
    {
        if (after.Reach is null && before.Reach is not null)
        {
            return "it asks for an action of which nobody can say beforehand what it does";
        }

        var asked = Asks(before, after);
        return asked.FirstOrDefault(ask => ask.Kind == "act" && (ask.Reach is null || ask.Reach > Reach.Reads)) is { } act ? $"it asks for \"{act.What}\", which it did not before ({Word(act.Reach)})"
            : asked.FirstOrDefault(ask => ask.Kind != "act") is { } call ? $"it calls \"{call.What}\", which it did not before"
            : after.Facts.Reaches.Except(before.Facts.Reaches).FirstOrDefault() is { } reach ? $"it reaches into the interpreter ({reach}), which it did not before"
            : null;
    }

    public static string Word(Reach? reach) => reach switch
    {
        Reach.Reads => "reads",
        Reach.Records => "records",
        Reach.Changes => "changes",
        Reach.Destroys => "destroys",
        _ => "nobody can say",
    };

    private static Dictionary<string, string> Texts(ReadVersion? version)
    {
        if (version is null)
        {
            return [];
        }

        var lines = Encoding.UTF8.GetString(version.Playbook.Source).ReplaceLineEndings("\n").Split('\n');
        var rest = lines.ToArray();
        var texts = new Dictionary<string, string>();
        foreach (var block in version.Facts.Blocks)
        {
            texts[block.Name] = Plain(lines[(block.First - 1)..block.Last]);
            Array.Fill(rest, "", block.First - 1, block.Last - block.First + 1);
        }

        if (Plain(rest.Where(line => line.TrimStart() is not ['#', ..])) is { Length: > 0 } outside)
        {
            texts[Outside] = outside;
        }

        return texts;
    }

    /// <summary>Blank lines and blanks at the end of a line say nothing.</summary>
    private static string Plain(IEnumerable<string> lines) => string.Join('\n', lines.Select(line => line.TrimEnd()).Where(line => line.Length > 0));

    private async Task<IReadOnlyList<(AppRow Row, Manifest Manifest, IReadOnlyList<string> Assets)>> Manifests(CancellationToken ct)
    {
        var catalogue = await apps.Catalogue(ct);
        return [.. catalogue.Apps.Select(row => (row, ManifestReader.Read(Encoding.UTF8.GetBytes(row.Manifest)), (IReadOnlyList<string>)[.. catalogue.Assets.Where(asset => asset.AppId == row.Id).Select(asset => asset.Name)]))];
    }

    /// <summary>The furthest among the apps it may mean.</summary>
    private static Reach? ReachOf(SourceAsk ask, IReadOnlyList<(AppRow Row, Manifest Manifest, IReadOnlyList<string> Assets)> apps)
    {
        if (ask.Kind != "act" || ask.What is null)
        {
            return null;
        }

        var meant = apps.Where(app => ask.Assets.Count == 0 || ask.Assets.Any(app.Assets.Contains)).Select(app => app.Manifest.Find(ask.What)).OfType<ManifestAction>().ToList();
        meant = meant.Count > 0 ? meant : [.. apps.Select(app => app.Manifest.Find(ask.What)).OfType<ManifestAction>()];
        return meant.Count == 0 ? null : meant.Max(action => action.Reach);
    }
}
