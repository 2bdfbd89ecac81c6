using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Vedette.Engine.Playbooks.Runs;
using Vedette.Engine.Playbooks.Workers;
using Vedette.Engine.Storage;
using Vedette.Model;

namespace Vedette.Engine.Playbooks;

/// <summary>Takes a playbook or custom function into a repository. One that does not compile is kept, with the line, and cannot be run.</summary>
internal sealed partial class PlaybookImporter(IStore store, PlaybookSources sources, IPlaybookWorkers workers, RunAsRights runAs, TimeProvider time)
{
    /// <summary>The largest source, in bytes.</summary>
    public const int MaxSource = 4 << 20;

    public async Task<Outcome<ImportedPlaybook>> Import(Unit unit, Caller caller, PlaybookImport import)
    {
        if (caller.Lacks(Permissions.EditPlaybooks) is { } refusal)
        {
            return refusal;
        }

        if (!NameForm().IsMatch(import.Name) || !NameForm().IsMatch(import.Repository))
        {
            return new Refusal(RefusalKind.Invalid, "bad_name", $"A playbook's name is of letters, digits, spaces, dots, dashes and underscores, at most 128; \"{import.Name}\" is not.");
        }

        if (import.Source.Length > MaxSource)
        {
            return new Refusal(RefusalKind.TooLarge, "source_too_large", $"The source of \"{import.Name}\" has {import.Source.Length} bytes; at most {MaxSource} are taken.");
        }

        if (!workers.MayRun)
        {
            return new Refusal(RefusalKind.Unavailable, "sandbox_open", $"No playbook can be checked or run now: the sandbox is at the level \"{workers.Sandbox.Level}\". {workers.Sandbox.Sentence}");
        }

        var metadata = import.Metadata is { ValueKind: JsonValueKind.Object } given ? (JsonObject)JsonNode.Parse(given.GetRawText())! : [];
        var isFunction = import.IsFunction;
        var coa = metadata["coa"] as JsonObject;
        var pythonVersion = import.PythonVersion;
        var check = await workers.Check($"{import.Name}.py", import.Source, !pythonVersion.StartsWith('3'), CancellationToken.None);
        var fault = !check.Compiles ? $"{import.Name}.py{AtLine(import.Source, check.Line)}: {check.Message}"
            : isFunction && !check.Functions.Contains(import.Name) ? $"{import.Name}.py has no function \"{import.Name}\"."
            : !isFunction && !check.Functions.Contains("on_start") ? $"{import.Name}.py has no function on_start."
            : import.Barred;
        var known = await store.Select<PlaybookRow>(Query.For(Where.Is(nameof(PlaybookRow.Repository), import.Repository) & Where.Is(nameof(PlaybookRow.Name), import.Name)));
        if (known.Count > 0 && !import.Force)
        {
            return new Refusal(RefusalKind.Duplicate, "playbook_exists", $"Playbook \"{import.Repository}/{import.Name}\" is there already; import it with force to replace it.", known[0].Id);
        }

        if (await runAs.Lacking(caller, known.Count > 0 ? known[0] : null) is { } raises)
        {
            return raises;
        }

        var now = time.GetUtcNow();
        var row = new PlaybookRow
        {
            Id = known.Count > 0 ? known[0].Id : store.NextId<PlaybookRow>(),
            TenantId = caller.TenantId,
            CreatedAt = now,
            UpdatedAt = now,
            Repository = import.Repository,
            Name = import.Name,
            Labels = (metadata["labels"] as JsonArray)?.ToJsonString() ?? "[]",
            Tags = (metadata["tags"] as JsonArray)?.ToJsonString() ?? "[]",
            Category = Text(metadata, "category") ?? "",
            Description = Text(metadata, "description") ?? Text(coa?["data"] as JsonObject, "description") ?? "",
            PlaybookType = isFunction ? PlaybookTypes.CustomFunction : Text(coa, "playbook_type") ?? PlaybookTypes.Automation,
            Trigger = (Text(metadata, "playbook_trigger") ?? Text(coa, "playbook_trigger")) is { } named && Triggers.All.Contains(named) ? named : Triggers.ArtifactCreated,
            InputSpec = (coa?["input_spec"] as JsonArray)?.ToJsonString() ?? "[]",
            OutputSpec = (coa?["output_spec"] as JsonArray)?.ToJsonString() ?? "[]",
            PythonVersion = pythonVersion,
            DraftMode = metadata["draft_mode"]?.GetValueKind() == JsonValueKind.True,
            SourceHash = await sources.Keep(unit, import.Source),
            Metadata = metadata.ToJsonString(),
            PassedValidation = fault.Length == 0,
            ValidationMessage = fault,
            LatestEditorId = caller.Author,
            Path = import.Path,
            CommitId = import.Commit,
        };
        if (known.Count == 0)
        {
            unit.Insert(row);
        }
        else
        {
            unit.Update<PlaybookRow>(row.Id, known[0].Version,
                (nameof(row.Labels), row.Labels), (nameof(row.Tags), row.Tags), (nameof(row.Category), row.Category), (nameof(row.Description), row.Description),
                (nameof(row.PlaybookType), row.PlaybookType), (nameof(row.Trigger), row.Trigger), (nameof(row.InputSpec), row.InputSpec), (nameof(row.OutputSpec), row.OutputSpec), (nameof(row.PythonVersion), row.PythonVersion),
                (nameof(row.DraftMode), row.DraftMode), (nameof(row.SourceHash), row.SourceHash), (nameof(row.Metadata), row.Metadata), (nameof(row.PassedValidation), row.PassedValidation),
                (nameof(row.ValidationMessage), row.ValidationMessage), (nameof(row.LatestEditorId), row.LatestEditorId), (nameof(row.Active), known[0].Active && row.PassedValidation),
                (nameof(row.Path), row.Path), (nameof(row.CommitId), row.CommitId), (nameof(row.Candidate), ""), (nameof(row.CandidateReason), ""), (nameof(row.Disabled), false));
        }

        if (import.Commit.Length > 0)
        {
            unit.Insert(new PlaybookVersionRow { Id = store.NextId<PlaybookVersionRow>(), TenantId = caller.TenantId, PlaybookId = row.Id, CommitId = row.CommitId, Path = row.Path, SourceHash = row.SourceHash, Metadata = row.Metadata, UserId = caller.Author, CreatedAt = now });
        }

        unit.Audit(caller, now, "imported", "playbook", row.Id, content: new JsonObject { ["name"] = $"{row.Repository}/{row.Name}", ["source"] = row.SourceHash, ["commit"] = row.CommitId });
        return new ImportedPlaybook(new PlaybookId(row.Id), fault);
    }

    /// <summary>The line with its text; nothing when the fault is not of one line.</summary>
    private static string AtLine(byte[] source, int line)
    {
        var lines = Encoding.UTF8.GetString(source).Split('\n');
        return line < 1 || line > lines.Length ? "" : $", line {line} (\"{Shown(lines[line - 1].Trim())}\")";
    }

    private static string Shown(string text) => text.Length <= 200 ? text : text[..200] + "…";

    private static string? Text(JsonObject? of, string key) => of?[key] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    [GeneratedRegex(@"^[\w][\w .\-]{0,127}$")]
    private static partial Regex NameForm();
}
