using System.Text;
using System.Text.Json;
using Vedette.Engine.Playbooks;

namespace Vedette.Engine.Repositories;

/// <param name="Commit">The one it was read from.</param>
internal sealed record FoundPlaybook(string Name, string Path, string Commit, byte[] Source, JsonElement Metadata)
{
    public PlaybookImport Import(string repository, string barred = "") => new(repository, Name, Source, Metadata, Force: true) { Commit = Commit, Path = Path, Barred = barred };
}

/// <param name="Notes">What was left out and why, a sentence each.</param>
internal sealed record FoundPlaybooks(IReadOnlyList<FoundPlaybook> Playbooks, IReadOnlyList<string> Notes);

/// <summary>
/// The playbooks of a commit, in the layout of the field: <c>NAME.py</c> with <c>NAME.json</c> beside it at the top, custom functions so in
/// <c>custom_functions/</c>. Everything else is no playbook.
/// </summary>
internal sealed class PlaybookFiles(IGit git)
{
    public const string Functions = "custom_functions/";

    /// <summary>The largest source or metadata, in bytes.</summary>
    public const int LargestFile = 4 << 20;

    private const int MostFiles = 50_000;
    private const int MostNotes = 50;
    private const int MostSteps = 8;

    public static string PathOf(string name, bool function) => $"{(function ? Functions : "")}{name}.py";

    public static string JsonOf(string path) => $"{path[..^3]}.json";

    public async Task<FoundPlaybooks> Of(long repository, string commit, CancellationToken ct, string? only = null)
    {
        var tree = await git.Tree(repository, commit, ct);
        var notes = new List<string>();
        if (tree.Count > MostFiles)
        {
            return new FoundPlaybooks([], [$"The commit has {tree.Count} files; at most {MostFiles} are looked at. Nothing was taken in."]);
        }

        notes.AddRange(tree.Where(file => file.Kind == TreeKind.Submodule).Select(file => $"The submodule {Shown(file.Path)} is not followed; add it as a repository of its own."));
        var files = tree.ToDictionary(file => file.Path, StringComparer.Ordinal);
        var links = await LinksOf(repository, tree, ct);
        var pairs = new List<(string Path, TreeFile Source, TreeFile Metadata)>();
        foreach (var file in tree.Where(file => IsPlace(file.Path) && (only is null || NameOf(file.Path) == only)))
        {
            if (Whole(file, files, links, notes) is not { } source)
            {
                continue;
            }

            if (!files.TryGetValue(JsonOf(file.Path), out var beside))
            {
                notes.Add($"{Shown(file.Path)} has no {Shown(NameOf(file.Path))}.json beside it and was left out.");
            }
            else if (Whole(beside, files, links, notes) is { } metadata)
            {
                pairs.Add((file.Path, source, metadata));
            }
        }

        var contents = await git.Contents(repository, [.. pairs.SelectMany(pair => new[] { pair.Source.Hash, pair.Metadata.Hash })], ct);
        var found = new List<FoundPlaybook>();
        foreach (var (path, source, metadata) in pairs)
        {
            if (Read(path, contents[source.Hash], contents[metadata.Hash], commit, notes) is { } playbook)
            {
                found.Add(playbook);
            }
        }

        return new FoundPlaybooks(found, notes.Count <= MostNotes ? notes : [.. notes.Take(MostNotes), $"And {notes.Count - MostNotes} more."]);
    }

    private static FoundPlaybook? Read(string path, byte[] source, byte[] metadata, string commit, List<string> notes)
    {
        if (IsPointer(source) || IsPointer(metadata))
        {
            notes.Add($"{Shown(path)} is a pointer of Git LFS, not the file itself, and was left out. Keep playbooks in Git as they are.");
            return null;
        }

        try
        {
            using var json = JsonDocument.Parse(metadata);
            return json.RootElement.ValueKind == JsonValueKind.Object
                ? new FoundPlaybook(NameOf(path), path, commit, source, json.RootElement.Clone())
                : throw new JsonException();
        }
        catch (JsonException)
        {
            notes.Add($"{Shown(JsonOf(path))} is no JSON object, so the playbook was left out.");
            return null;
        }
    }

    private static bool IsPlace(string path) =>
        path.EndsWith(".py", StringComparison.Ordinal) && !path[(path.StartsWith(Functions, StringComparison.Ordinal) ? Functions.Length : 0)..].Contains('/', StringComparison.Ordinal);

    private static string NameOf(string path) => path[(path.LastIndexOf('/') + 1)..^3];

    private static bool IsPointer(byte[] content) => content.AsSpan().StartsWith("version https://git-lfs."u8);

    private async Task<Dictionary<string, string>> LinksOf(long repository, IReadOnlyList<TreeFile> tree, CancellationToken ct)
    {
        var links = tree.Where(file => file is { Kind: TreeKind.Link, Length: < 4096 }).ToList();
        var targets = await git.Contents(repository, [.. links.Select(link => link.Hash)], ct);
        return links.ToDictionary(link => link.Path, link => Encoding.UTF8.GetString(targets[link.Hash]), StringComparer.Ordinal);
    }

    /// <summary>The file itself, through links that stay inside; null for what is left out.</summary>
    private static TreeFile? Whole(TreeFile file, Dictionary<string, TreeFile> files, Dictionary<string, string> links, List<string> notes)
    {
        var at = file;
        for (var step = 0; at.Kind == TreeKind.Link; step++)
        {
            if (step == MostSteps || !links.TryGetValue(at.Path, out var target) || Inside(at.Path, target) is not { } inside || !files.TryGetValue(inside, out at!))
            {
                notes.Add($"{Shown(file.Path)} is a symbolic link that leads out of the repository, or nowhere, and was left out.");
                return null;
            }
        }

        if (at.Length > LargestFile)
        {
            notes.Add($"{Shown(file.Path)} has {at.Length} bytes; at most {LargestFile} are taken, so it was left out.");
            return null;
        }

        return at.Kind == TreeKind.File ? at : null;
    }

    private static string? Inside(string link, string target)
    {
        if (target.StartsWith('/'))
        {
            return null;
        }

        var parts = new Stack<string>(link.Split('/')[..^1]);
        foreach (var part in target.Split('/').Where(part => part is not ("" or ".")))
        {
            if (part != "..")
            {
                parts.Push(part);
            }
            else if (!parts.TryPop(out _))
            {
                return null;
            }
        }

        return string.Join('/', parts.Reverse());
    }

    /// <summary>A path is another's text: what moves the cursor or turns the line around is not passed on.</summary>
    private static string Shown(string path) => new([.. (path.Length > 120 ? path[..120] + "…" : path).Select(c => char.IsControl(c) || char.GetUnicodeCategory(c) == System.Globalization.UnicodeCategory.Format ? '�' : c)]);
}
